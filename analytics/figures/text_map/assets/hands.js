// What the pointer, the wheel, fingers, keys and buttons do to a map.
const MOVES = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }

Layer.prototype.listen = function () {
  const { field, canvas } = this
  const at = (event) => {
    const box = canvas.getBoundingClientRect()
    return [event.clientX - box.x, event.clientY - box.y]
  }
  const ready = (act) => (event) => { if (this.painted) act(event) }
  field.onpointerdown = ready((event) => {
    if (event.button > 0) return
    field.setPointerCapture(event.pointerId)
    this.awake = true
    this.byKeys = false
    this.pointers.set(event.pointerId, at(event))
    this.begun = this.pointers.size === 1 ? at(event) : null
    this.region = this.begun && this.mode !== 'move' ? [this.begun] : []
  })
  field.onpointermove = ready((event) => {
    const now = at(event), before = this.pointers.get(event.pointerId)
    if (!before) return this.point(this.under(now), now)
    this.point(null, now)
    if (this.pointers.size === 2) this.pinch(event.pointerId, now)
    else if (this.mode === 'move') this.pan(now[0] - before[0], now[1] - before[1])
    else this.drag(now)
    this.pointers.set(event.pointerId, now)
    this.request()
  })
  field.onpointerup = ready((event) => {
    const now = at(event), { begun } = this
    this.pointers.delete(event.pointerId)
    const still = begun && Math.hypot(now[0] - begun[0], now[1] - begun[1]) < STILL
    if (still && this.region.length < 3 + 2 * (this.mode === 'box')) {
      this.region = []
      this.request()
      this.choose(this.under(now))
    } else this.close()
    this.begun = null
    this.request()
  })
  field.onpointercancel = (event) => {
    this.pointers.delete(event.pointerId)
    this.begun = null
    this.region = []
    this.request()
  }
  field.onpointerleave = () => {
    this.awake = false
    if (this.painted) this.point(null, [0, 0])
  }
  // Over a map that nobody has clicked the wheel scrolls the page, as everywhere else.
  field.addEventListener('wheel', ready((event) => {
    if (!this.awake && !event.ctrlKey && !event.metaKey) return this.say('Click the map or hold Ctrl, and the wheel zooms')
    event.preventDefault()
    const lines = event.deltaMode === 1 ? 20 : 1
    this.zoom(Math.exp(-Math.max(-200, Math.min(200, event.deltaY * lines)) / 300), at(event))
  }), { passive: false })
  field.ondblclick = ready((event) => this.zoom(2, at(event)))
  canvas.onkeydown = ready((event) => this.key(event))
  canvas.onblur = () => {
    this.byKeys = false
    this.request()
  }
  const act = {
    lasso: () => this.setMode(this.mode === 'lasso' ? 'move' : 'lasso'),
    box: () => this.setMode(this.mode === 'box' ? 'move' : 'box'),
    clear: () => this.send('clear', true),
    nearer: () => this.zoom(STEP),
    farther: () => this.zoom(1 / STEP),
    whole: () => { this.camera = this.whole },
    full: () => toggleFull(this),
  }
  for (const [name, work] of Object.entries(act)) this.part(name).onclick = ready(work)
  this.part('topics').onchange = ready((event) => {
    const one = this.look.names[Number(event.target.value)]
    if (event.target.value && one) this.goTo(one)
    event.target.value = ''
  })
}

Layer.prototype.drag = function (now) {
  const last = this.region.at(-1)
  if (this.mode === 'box') {
    const [x, y] = this.begun
    this.region = [this.begun, [now[0], y], now, [x, now[1]]]
  } else if (Math.hypot(now[0] - last[0], now[1] - last[1]) >= STILL) this.region.push(now)
}

// Two fingers: their distance zooms, their middle moves the map.
Layer.prototype.pinch = function (moved, now) {
  const [other] = [...this.pointers].filter(([id]) => id !== moved).map(([, place]) => place)
  const before = this.pointers.get(moved), apart = (one) => Math.hypot(one[0] - other[0], one[1] - other[1])
  this.begun = null
  this.region = []
  this.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2)
  this.zoom(apart(now) / Math.max(1, apart(before)), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2])
}

// Arrows move the map under a cross in its middle; Enter opens the text that lies there.
Layer.prototype.key = function (event) {
  const move = MOVES[event.key], { width, height } = this.size
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (move) this.pan(move[0] * PAN * width, move[1] * PAN * height)
  else if (event.key === '+' || event.key === '=') this.zoom(STEP)
  else if (event.key === '-') this.zoom(1 / STEP)
  else if (event.key === '0' || event.key === 'Home') this.camera = this.whole
  else if (event.key === 'Escape') return this.setMode('move')
  else if (event.key === 'Enter' || event.key === ' ') this.choose(this.underCross())
  else return
  event.preventDefault()
  this.byKeys = true
  this.point(this.underCross(), [width / 2, height / 2])
  this.request()
}

// The nearest to the middle, however far it is within the window.
Layer.prototype.underCross = function () {
  const [x, y] = this.onMap([this.size.width / 2, this.size.height / 2])
  for (let reach = REACH; reach < this.size.width; reach *= 2) {
    const one = nearest(this.painted, this.look.looks.levels, x, y, reach / this.camera.scale)
    if (one !== null) return one
  }
  return null
}

function styleOf(root) {
  const { color, fontFamily, accentColor } = getComputedStyle(root)
  const [red, green, blue] = color.match(/[\d.]+/g).map(Number), dark = red + green + blue > 380
  return {
    ink: color,
    font: fontFamily,
    accent: accentColor.startsWith('#') ? accentColor : '#16697a',
    plate: dark ? 'rgba(18,26,30,0.8)' : 'rgba(255,255,255,0.82)',
    // Near the ground and not thin, so that where many lie over each other they are as pale as one alone.
    dimmed: dark ? [0.24, 0.28, 0.3, 0.7] : [0.84, 0.87, 0.89, 0.7],
  }
}

function drawKeys(place, { legend, lines, placed, focus, ringed, placedColour, axes }) {
  const entry = (colour, name, shape) => {
    const item = document.createElement('span'), mark = item.appendChild(document.createElement('i'))
    mark.className = shape
    mark.style.setProperty('--ink', colour)
    item.append(name)
    return item
  }
  const shown = []
  if (legend.low !== undefined) {
    const bar = entry('', legend.high, 'bar')
    bar.firstChild.style.background = `linear-gradient(to right, ${legend.colours.join(', ')})`
    bar.prepend(legend.low)
    shown.push(bar)
  }
  for (const [colour, name] of legend.items ?? []) shown.push(entry(colour, name, 'dot'))
  for (const { colour, name } of lines) shown.push(entry(colour, name, 'line'))
  if (focus) shown.push(entry(ringed, 'this text', 'ring'))
  if (placed.length) shown.push(entry(placedColour, 'new text', 'diamond'))
  axes.forEach((name) => shown.push(entry('', name, 'none')))
  place.replaceChildren(...shown)
}

// Every topic once, so that a keyboard comes to each; of names at several levels those of the first.
function fillTopics(list, names) {
  const option = (value, name) => Object.assign(document.createElement('option'), { value, textContent: name })
  const coarse = names.flatMap((one, at) => (one.level ? [] : [option(at, one.name)]))
  list.replaceChildren(option('', 'Go to a topic'), ...coarse)
  list.hidden = !coarse.length
}

// The map and what stands beside it fill the window: lists open over it, as they would not over one element.
function toggleFull(layer) {
  const page = document.documentElement, on = !page.hasAttribute('data-map-full')
  page.toggleAttribute('data-map-full', on)
  if (on) page.requestFullscreen?.().catch(() => {}) // a frame may forbid it; the window is filled all the same
  else if (document.fullscreenElement) document.exitFullscreen()
  layer.resize()
}

function leaveFull(event) {
  const left = event.type === 'fullscreenchange' ? !document.fullscreenElement : event.key === 'Escape'
  if (!left) return
  document.documentElement.removeAttribute('data-map-full')
  for (const { layer } of maps.values()) layer?.resize()
}

// ``data``: bytes from Python, or a look that was read from such.
function mountMap({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector('.text-map')
  if (!layers.has(root)) {
    layers.set(root, new Layer(root))
    document.addEventListener('fullscreenchange', leaveFull)
    document.addEventListener('keydown', leaveFull)
  }
  const layer = layers.get(root)
  layer.take(data instanceof Uint8Array ? readLook(data) : data, setTriggerValue)
  return () => setTimeout(() => {
    if (root.isConnected) return
    document.documentElement.removeAttribute('data-map-full')
    layer.painter?.close()
    layers.delete(root)
  })
}
