// The map of texts: points by WebGL, names and marks over them, and everything that a hand or a key does to it.
// A map's points come once, its look at every run; both find each other, and the camera, by the map's id, so
// that a click, a new colour or another page leaves the map where it was.
const REACH = 12, STILL = 4, PAN = 0.15, STEP = 1.35, SLOW = 55, SWIFT = 24, LEAST_SHARE = 0.05
const SOON = 100_000 // points of a first picture: without a graphics card a million take some seconds
const maps = (globalThis.zetascopeMaps ??= new Map())
const layers = new WeakMap()

function shared(id) {
  if (!maps.has(id)) {
    maps.set(id, { stock: null, camera: null, layer: null, ask: null })
    for (const old of [...maps.keys()].slice(0, -4)) maps.delete(old) // those of maps that are no longer shown
  }
  return maps.get(id)
}

function mountStock({ data }) {
  const stock = readStock(data)
  const ours = shared(stock.id)
  ours.stock = stock
  ours.layer?.takeStock()
}

// Texts of single points, where all together would be too many to send.
function mountPointed({ data, setTriggerValue }) {
  const ours = shared(data.id)
  ours.ask = (place) => setTriggerValue('ask', place)
  // A run of the page, at which nothing is asked, may have changed what is told of every point.
  if (data.place === null) ours.layer?.told.clear()
  else ours.layer?.tell(data.place, data.text)
}

function paletteOf({ colours, stepped, missing }) {
  const parts = colours.map(channels), bytes = new Uint8Array(4 * 256)
  for (let at = 0; at < 255; at += 1) {
    const place = stepped ? Math.min(at, parts.length - 1) : (at / 254) * (parts.length - 1)
    const low = Math.min(Math.floor(place), Math.max(0, parts.length - 2)), high = Math.min(low + 1, parts.length - 1)
    const mixed = parts[low].map((value, i) => value + (parts[high][i] - value) * (place - low))
    bytes.set([...(stepped ? parts[place] : mixed), 217], 4 * at)
  }
  bytes.set([...channels(missing), 115], 4 * 255) // what has no value lies behind the rest
  return bytes
}

const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))

class Layer {
  constructor(root) {
    this.root = root
    this.part = (name) => root.querySelector(`.${name}`)
    this.field = this.part('field')
    this.canvas = this.part('points')
    this.pen = this.part('marks').getContext('2d')
    this.mode = 'move'
    this.awake = false
    this.pointers = new Map()
    this.region = []
    this.told = new Map()
    this.share = this.usual = 1
    this.painter = makePainter(this.canvas)
    this.canvas.addEventListener('webglcontextlost', (event) => event.preventDefault())
    this.canvas.addEventListener('webglcontextrestored', () => {
      this.painter = makePainter(this.canvas)
      this.takeStock()
    })
    this.listen()
    new ResizeObserver(() => this.resize()).observe(root)
    root.addEventListener('transitionend', () => this.request()) // the page's colours have changed
  }

  take(look, send) {
    const moved = String(look.focus) !== String(this.look?.focus)
    if (look.id !== this.look?.id) this.told.clear()
    this.look = look
    this.send = send
    this.ours = shared(look.id)
    // What joins a first map of some texts finds it where the reader went meanwhile.
    this.ours.camera ??= [...maps.values()].findLast((one) => one.series === look.series && one.camera)?.camera ?? null
    this.ours.series = look.series
    this.ours.layer = this
    this.canvas.setAttribute('aria-label', look.alt)
    drawKeys(this.part('keys'), look)
    fillTopics(this.part('topics'), look.names)
    this.part('clear').disabled = !look.clearable
    if (!this.painter) {
      if (!this.isAbsent) send('absent', true)
      this.isAbsent = true
      this.say('This browser has no WebGL 2, which this map is drawn with.')
      return
    }
    this.resize()
    this.takeStock()
    if (moved && look.focus) this.bringIn(look.focus)
  }

  takeStock() {
    const stock = this.ours?.stock
    if (!stock || !this.painter || stock.n !== this.look.n) return
    this.fresh = this.painted !== stock || this.painter !== this.by
    if (this.fresh) {
      this.painter.setPlaces(stock.places)
      this.share = Math.min(1, SOON / stock.n)
    }
    this.painted = stock
    this.by = this.painter
    this.painter.setPalette(paletteOf(this.look))
    this.painter.setLook(this.look.looks)
    this.request()
  }

  resize() {
    if (!this.look || !this.root.clientWidth) return
    const width = this.root.clientWidth, full = document.documentElement.hasAttribute('data-map-full')
    // On a phone a tall map would be all one sees; elsewhere it has the height it was given.
    const usual = width < 480 ? Math.min(this.look.height, Math.max(340, 1.1 * width)) : this.look.height
    const height = full ? Math.max(320, innerHeight - 150) : usual
    const ratio = Math.min(2, devicePixelRatio || 1)
    const before = this.size
    this.size = { width, height, ratio }
    this.request()
    if (before && Object.keys(before).every((name) => before[name] === this.size[name])) return
    this.field.style.height = `${height}px`
    for (const one of [this.canvas, this.pen.canvas]) {
      one.width = Math.round(width * ratio)
      one.height = Math.round(height * ratio)
    }
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  }

  get whole() { return fitted(this.painted.bounds, this.size.width, this.size.height) }
  // Kept as a multiple of the whole, so that another window shows the same part.
  get camera() {
    const { x, y, near } = this.ours.camera ?? { ...this.whole, near: 1 }
    return { x, y, scale: near * this.whole.scale }
  }

  set camera({ x, y, scale }) {
    this.ours.camera = { x, y, near: scale / this.whole.scale }
    this.request()
  }

  onScreen = ([x, y]) => {
    const { x: left, y: top, scale } = this.camera
    return [(x - left) * scale + this.size.width / 2, (top - y) * scale + this.size.height / 2]
  }

  onMap([across, down]) {
    const { x, y, scale } = this.camera
    return [x + (across - this.size.width / 2) / scale, y - (down - this.size.height / 2) / scale]
  }

  request() {
    if (this.waiting || !this.painted || !this.size) return
    this.waiting = requestAnimationFrame((now) => {
      this.waiting = null
      this.draw(now)
    })
  }

  draw(now) {
    const { width, height, ratio } = this.size, nearness = this.camera.scale / this.whole.scale
    this.pace(now)
    const style = styleOf(this.root)
    // Points grow a little as one comes nearer, so that few of them are not lost in a large window.
    const enlarge = Math.min(3, Math.max(1, nearness ** 0.3))
    this.painter.draw({ ...this.camera, width, height, ratio, enlarge, dimmed: style.dimmed, share: this.share })
    const { share, fresh } = this
    if (fresh) {
      this.usual = Math.max(LEAST_SHARE, Math.min(1, (share * SLOW) / 2 / this.painter.finish()))
      this.fresh = false
      this.share = 1
    }
    const see = { width, height, nearness, region: this.region, onScreen: this.onScreen }
    drawMarks(this.pen, this.look, { ...see, cross: this.byKeys }, style)
    this.canvas.dataset.frames = Number(this.canvas.dataset.frames ?? 0) + 1
    this.canvas.dataset.view = [this.camera.x, this.camera.y, this.camera.scale].join(' ')
    const drawn = Math.ceil(this.painted.n * share)
    this.canvas.dataset.drawn = drawn
    if (fresh && share < 1) setTimeout(() => this.request()) // the others, once these are seen
    this.part('moving').textContent = share < 1
      ? `${drawn.toLocaleString('en')} of ${this.painted.n.toLocaleString('en')} points while it moves` : ''
  }

  // Where frames are slow a share of the points is drawn while the map moves, and all when it rests.
  pace(now) {
    clearTimeout(this.rest)
    const took = this.last ? now - this.last : 0
    if (took > SLOW) this.share = Math.max(LEAST_SHARE, this.share * Math.max(0.3, SLOW / took))
    else if (took && took < SWIFT) this.share = Math.min(1, this.share * 1.15)
    this.last = this.moving ? now : null
    if (this.moving) this.rest = setTimeout(() => this.settle(), Math.max(250, 3 * took))
  }

  settle() {
    if (this.pointers.size) return
    this.moving = false
    this.last = null
    if (this.share < 1) {
      this.usual = this.share
      this.share = 1
      this.request()
    }
  }

  startMoving() {
    if (this.moving) return
    this.moving = true
    this.share = this.usual
  }

  zoom(factor, at = [this.size.width / 2, this.size.height / 2]) {
    const from = [at[0] - this.size.width / 2, at[1] - this.size.height / 2], { scale } = this.whole
    this.startMoving()
    this.camera = zoomed(this.camera, factor, from, [scale / 2, scale * 20_000])
  }

  pan(right, down) {
    const { x, y, scale } = this.camera
    this.startMoving()
    this.camera = { x: x - right / scale, y: y + down / scale, scale }
  }

  // What a list beside the map opened comes into sight; the zoom stays.
  bringIn([x, y]) {
    if (!this.painted) return
    const [across, down] = this.onScreen([x, y]), { width, height } = this.size
    const inside = across > 20 && down > 20 && across < width - 20 && down < height - 20
    if (!inside) this.camera = { ...this.camera, x, y }
  }

  goTo(name) {
    const [left, low, right, high] = name.box
    const near = fitted([left, low, right, high], 0.8 * this.size.width, 0.8 * this.size.height)
    this.camera = { ...near, scale: Math.min(near.scale, this.whole.scale * 20_000) }
  }

  under([across, down]) {
    const [x, y] = this.onMap([across, down])
    return nearest(this.painted, this.look.looks.levels, x, y, REACH / this.camera.scale)
  }

  // The text of a point beside it: at once where it is here, else after it was asked for.
  point(place, at) {
    this.pointed = place
    const tip = this.part('tip'), fresh = this.placedAt(at)
    clearTimeout(this.asking)
    tip.hidden = place === null && !fresh
    if (fresh) return this.write(fresh, at)
    if (place === null) return
    const text = this.painted.text?.(place) ?? this.told.get(place)
    this.write(text ?? '…', at)
    if (text === undefined) this.asking = setTimeout(() => this.ours.ask?.(place), 120)
  }

  placedAt(at) {
    const near = (one) => Math.hypot(...this.onScreen(one.at).map((value, i) => value - at[i])) < REACH
    return this.look.placed.find(near)?.text
  }

  tell(place, text) {
    if (this.told.size > 500) this.told.clear()
    this.told.set(place, text)
    if (place === this.pointed) this.write(text, this.at)
  }

  write(text, at) {
    const tip = this.part('tip')
    this.at = at
    tip.textContent = text
    const { offsetWidth: wide, offsetHeight: high } = tip, { width, height } = this.size
    const x = at[0] + 14 + wide < width ? at[0] + 14 : Math.max(0, at[0] - 14 - wide)
    const y = at[1] + 14 + high < height ? at[1] + 14 : Math.max(0, at[1] - 14 - high)
    tip.style.translate = `${x}px ${y}px`
  }

  say(words) {
    const hint = this.part('hint')
    hint.textContent = words
    hint.hidden = false
    clearTimeout(this.saying)
    if (this.painter) this.saying = setTimeout(() => { hint.hidden = true }, 1600)
  }

  setMode(mode) {
    this.mode = mode
    this.field.dataset.mode = mode
    for (const name of ['lasso', 'box']) this.part(name).setAttribute('aria-pressed', String(mode === name))
  }

  // A region of enough corners is sent in the map's own numbers.
  close() {
    const region = this.region
    this.region = []
    this.request()
    if (region.length > 2) this.send('area', region.map((at) => this.onMap(at)))
  }

  choose(place) {
    if (place !== null) this.send('pick', place)
  }
}
