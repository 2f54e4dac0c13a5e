// The living picture: the place in view, the way to it as crumbs, and Play, which walks through the whole model
// in this browser alone. It stands behind reaching.js in one module; all markup of `data` was made by
// analytics.figures, and what is text goes in as text.
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches
const ZOOM = 420 // milliseconds into a part that was chosen

function boxOf(svg) {
  return svg.getAttribute('viewBox').split(' ').map(Number)
}

// Move the picture's window to `to` (x, y, width, height); `after` follows at once where motion is unwanted.
function glide(svg, to, milliseconds) {
  cancelAnimationFrame(svg.gliding)
  if (calm() || !milliseconds) {
    svg.setAttribute('viewBox', to.join(' '))
    return
  }
  const from = boxOf(svg), start = performance.now()
  const move = (now) => {
    const t = Math.min((now - start) / milliseconds, 1), eased = t * t * (3 - 2 * t)
    svg.setAttribute('viewBox', from.map((at, axis) => at + (to[axis] - at) * eased).join(' '))
    if (t < 1) svg.gliding = requestAnimationFrame(move)
  }
  svg.gliding = requestAnimationFrame(move)
}

// The window around parts of the picture, in its own shape, never closer than `closest` of the whole.
function around(whole, parts, closest) {
  if (!parts.length) return whole
  const boxes = parts.map((one) => one.getBBox())
  const left = Math.min(...boxes.map((b) => b.x)), top = Math.min(...boxes.map((b) => b.y))
  const right = Math.max(...boxes.map((b) => b.x + b.width)), low = Math.max(...boxes.map((b) => b.y + b.height))
  const share = Math.min(1, Math.max(closest, (1.15 * (right - left)) / whole[2], (1.1 * (low - top)) / whole[3]))
  const width = whole[2] * share, height = whole[3] * share
  const within = (middle, size, start, all) => Math.min(Math.max(middle - size / 2, start), start + all - size)
  return [
    within((left + right) / 2, width, whole[0], whole[2]), within((top + low) / 2, height, whole[1], whole[3]),
    width, height,
  ]
}

export default ({ data, parentElement, setTriggerValue }) => {
  const root = parentElement.querySelector('.living-place')
  const [crumbs, pane, said] = ['.crumbs', '.pane', '.said'].map((one) => root.querySelector(one))
  const [play, stop, open, seek, count] = ['.play', '.stop', '.open', '.seek', '.count'].map((one) =>
    root.querySelector(one))
  const state = (root.walk ??= { at: -1, playing: false, timer: 0 })
  const inside = pane.contains(pane.getRootNode().activeElement)
  const { scenes } = data
  let svg, whole

  const choose = (one) => {
    rest()
    glide(svg, around(whole, [one], 0.12), ZOOM)
    setTriggerValue('pick', one.dataset.pick)
  }
  const go = (place) => { rest(); setTriggerValue('pick', place) }

  const show = (markup) => {
    pane.innerHTML = markup
    svg = pane.querySelector('svg')
    whole = boxOf(svg)
    const chosen = svg.querySelector('.selected')?.getBoundingClientRect()
    const room = pane.getBoundingClientRect()  // on a narrow screen the chosen part comes into view
    if (chosen && chosen.right > room.right) pane.scrollLeft += chosen.x + chosen.width / 2 - room.x - room.width / 2
    tell(pane)
    reachable(pane, inside, choose)
  }

  // The crumbs: every place above this one is a button, the last is where the visitor is.
  const where = document.createElement('li')
  where.className = 'where'
  where.textContent = 'You are here:'
  crumbs.replaceChildren(where, ...data.crumbs.map(([label, place], index) => {
    const one = document.createElement('li')
    const last = index === data.crumbs.length - 1
    one.classList.toggle('first', !index)
    const inner = one.appendChild(document.createElement(last ? 'span' : 'button'))
    inner.textContent = label
    if (last) {
      inner.className = 'now'
      one.setAttribute('aria-current', 'location')
    } else inner.onclick = () => go(place)
    return one
  }))

  const told = () => {
    const on = state.at >= 0
    play.textContent = state.playing ? 'Pause' : on ? 'Go on' : 'Play: from words to the end in a minute'
    for (const one of [stop, open, seek, count]) one.hidden = !on
    seek.max = scenes.length - 1
    if (on) {
      seek.value = state.at
      seek.setAttribute('aria-valuetext', `${state.at + 1} of ${scenes.length}`)
      count.textContent = `${state.at + 1} of ${scenes.length}`
      open.textContent = `Open ${scenes[state.at].name}`
    }
  }
  const scene = (at) => {
    if (state.at < 0) show(data.model)
    state.at = at
    const parts = [...pane.querySelectorAll('[data-part]')]
    const lit = parts.filter((one) => scenes[at].parts.includes(one.dataset.part))
    parts.forEach((one) => one.classList.toggle('lit', lit.some((other) => other.contains(one) || one.contains(other))))
    svg.classList.toggle('playing', lit.length > 0)
    glide(svg, around(whole, lit, 0.5), 900)
    said.textContent = scenes[at].said
    told()
  }
  const rest = () => {
    clearTimeout(state.timer)
    state.playing = false
    told()
  }
  const next = () => {
    clearTimeout(state.timer)
    state.timer = setTimeout(() => {
      if (state.at + 1 >= scenes.length) return rest()
      scene(state.at + 1)
      next()
    }, data.seconds * 1000)
  }
  play.onclick = () => {
    if (state.playing) return rest()
    state.playing = true
    scene(state.at < 0 || state.at + 1 >= scenes.length ? 0 : state.at)
    next()
  }
  seek.oninput = () => {
    scene(Number(seek.value))
    if (state.playing) next()
  }
  stop.onclick = () => {
    rest()
    state.at = -1
    said.textContent = ''
    show(data.here)
    told()
    play.focus()
  }
  open.onclick = () => go(scenes[state.at].place)
  root.onkeydown = (event) => {
    if (event.key !== 'Escape' || data.crumbs.length < 2) return
    go(data.crumbs[data.crumbs.length - 2][1])
    event.preventDefault()
  }

  // A page that ran again for another reason leaves a walk where it is; another place or text ends it.
  if (state.at >= 0 && state.shown === data.here && state.walked === data.model) {
    const { at, playing } = state
    state.at = -1
    scene(at)
    if (playing) next()
  } else {
    clearTimeout(state.timer)
    Object.assign(state, { at: -1, playing: false, shown: data.here, walked: data.model })
    said.textContent = ''
    show(data.here)
    told()
  }
  return () => clearTimeout(state.timer)
}
