// What our pictures share: picks are reached with the arrow keys, and what they say stands beside the pointer.
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

function middle(one) {
  const box = (one.querySelector('.ring') ?? one).getBoundingClientRect()
  return [box.x + box.width / 2, box.y + box.height / 2]
}

// The nearest pick on that side; one that lies askew counts as farther away.
function neighbour(picks, from, [right, down]) {
  const [x, y] = middle(from)
  let best = null, least = Infinity
  for (const one of picks) {
    const [dx, dy] = middle(one).map((at, axis) => at - [x, y][axis])
    const ahead = dx * right + dy * down
    const far = ahead + 3 * Math.abs(dx * down + dy * right)
    if (ahead > 2 && far < least) [best, least] = [one, far]
  }
  return best
}

// What an element's title says stands beside the pointer at once; the browser's own hint takes a second.
function tell(place) {
  const hint = place.appendChild(document.createElement('div'))
  hint.className = 'hint'
  hint.hidden = true
  place.onpointerleave = () => { hint.hidden = true }
  place.onpointermove = (event) => {
    const one = event.target.closest('svg [data-said], svg :has(> title)')
    const title = one?.querySelector(':scope > title')
    if (title) {
      one.dataset.said = title.textContent
      one.setAttribute('aria-label', title.textContent)
      title.remove()
    }
    hint.hidden = !one
    if (!one) return
    hint.textContent = one.dataset.said
    const { width, height } = hint.getBoundingClientRect()
    const x = event.clientX + 14 + width < innerWidth ? event.clientX + 14 : event.clientX - 14 - width
    const y = event.clientY + 16 + height < innerHeight ? event.clientY + 16 : event.clientY - 16 - height
    hint.style.translate = `${Math.max(0, x)}px ${Math.max(0, y)}px`
  }
}

// One pick at a time is a stop of the Tab key, the arrow keys lead to the others, and ``choose`` gets the one
// that was clicked or entered. ``inside``: whether the focus was in the picture before it was drawn anew.
function reachable(place, inside, choose) {
  const picks = [...place.querySelectorAll('[data-pick]')]
  if (!picks.length) return
  const first = place.querySelector('.selected[data-pick]') ?? picks[0]
  const reach = (one, focus) => {
    picks.forEach((other) => other.setAttribute('tabindex', other === one ? 0 : -1))
    if (focus) one.focus()
  }
  reach(first, inside)
  place.onclick = (event) => {
    const one = event.target.closest('[data-pick]')
    if (one) choose(one)
  }
  place.onkeydown = (event) => {
    const one = event.target.closest('[data-pick]')
    if (!one) return
    if (event.key === 'Enter' || event.key === ' ') choose(one)
    else if (STEPS[event.key]) reach(neighbour(picks, one, STEPS[event.key]) ?? one, true)
    else return
    event.preventDefault()
  }
}
