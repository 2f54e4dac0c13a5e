// Where points lie: what the bytes from Python say, the camera over them, and which one is under the pointer.
// Both messages begin with the length of a JSON header (uint32) and the header, padded to four bytes.
function opened(bytes) {
  const whole = bytes.slice() // its own buffer, so that numbers of four bytes may begin where they do
  const length = new DataView(whole.buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + length)))
  let at = 4 + length
  const next = (Kind, count) => {
    const values = new Kind(whole.buffer, at, count)
    at += values.byteLength
    return values
  }
  return { header, next }
}

// The points and, where they come along, their texts.
function readStock(bytes) {
  const { header, next } = opened(bytes)
  const places = next(Float32Array, 2 * header.n)
  const ends = header.texts ? next(Uint32Array, header.n) : null
  const letters = ends ? next(Uint8Array, ends.at(-1) ?? 0) : null
  const decoder = new TextDecoder()
  const text = ends && ((one) => decoder.decode(letters.subarray(one ? ends[one - 1] : 0, ends[one])))
  return { id: header.id, n: header.n, places, text, bounds: boundsOf(places), grid: null }
}

// Everything that can change while the points stay.
function readLook(bytes) {
  const { header, next } = opened(bytes)
  const colours = next(Uint8Array, header.n)
  const shown = header.dimmed ? next(Uint8Array, header.n) : null
  const sizes = header.sized ? next(Uint8Array, header.n) : header.size
  const levels = new Uint8Array(header.n)
  for (let one = 0; one < header.n; one += 1) {
    levels[one] = shown && !shown[one] ? DIM : colours[one] === 255 ? PALE : FULL
  }
  return { ...header, looks: { colours, levels, sizes } }
}

function boundsOf(places) {
  let left = Infinity, right = -Infinity, low = Infinity, high = -Infinity
  for (let at = 0; at < places.length; at += 2) {
    const x = places[at], y = places[at + 1]
    if (x < left) left = x
    if (x > right) right = x
    if (y < low) low = y
    if (y > high) high = y
  }
  return places.length ? [left, low, right, high] : [0, 0, 1, 1]
}

// One scale for both directions: what is round stays round, whatever the window.
function fitted([left, low, right, high], width, height) {
  const room = 0.92
  const scale = Math.min((width * room) / Math.max(right - left, 1e-9), (height * room) / Math.max(high - low, 1e-9))
  return { x: (left + right) / 2, y: (low + high) / 2, scale: Math.min(scale, 1e9) }
}

function zoomed(camera, factor, [fromX, fromY], [least, most]) {
  const scale = Math.min(most, Math.max(least, camera.scale * factor))
  const kept = 1 / camera.scale - 1 / scale // the place under the pointer stays under it
  return { x: camera.x + fromX * kept, y: camera.y - fromY * kept, scale }
}

// Cells of a few points each, so that the nearest is found among a million.
function makeGrid({ places, n, bounds: [left, low, right, high] }) {
  const side = Math.max(1, Math.min(1024, Math.ceil(Math.sqrt(n / 4))))
  const across = side / Math.max(right - left, 1e-9), up = side / Math.max(high - low, 1e-9)
  const within = (value) => Math.max(0, Math.min(side - 1, Math.floor(value)))
  const cellOf = (x, y) => within((y - low) * up) * side + within((x - left) * across)
  const starts = new Uint32Array(side * side + 1), inside = new Uint32Array(n)
  for (let one = 0; one < n; one += 1) starts[cellOf(places[2 * one], places[2 * one + 1]) + 1] += 1
  for (let cell = 0; cell < side * side; cell += 1) starts[cell + 1] += starts[cell]
  const at = starts.slice()
  for (let one = 0; one < n; one += 1) inside[at[cellOf(places[2 * one], places[2 * one + 1])]++] = one
  return { side, starts, inside, columns: (x) => within((x - left) * across), rows: (y) => within((y - low) * up) }
}

// The nearest point within reach; one that is dimmed only where no other is.
function nearest(stock, levels, x, y, reach) {
  const grid = (stock.grid ??= makeGrid(stock)), { places } = stock
  let best = null, least = Infinity
  for (let row = grid.rows(y - reach); row <= grid.rows(y + reach); row += 1) {
    const from = grid.starts[row * grid.side + grid.columns(x - reach)]
    const end = grid.starts[row * grid.side + grid.columns(x + reach) + 1]
    for (let at = from; at < end; at += 1) {
      const one = grid.inside[at]
      const far = Math.hypot(places[2 * one] - x, places[2 * one + 1] - y)
      if (far > reach) continue
      const counted = levels[one] === DIM ? far + reach : far
      if (counted < least) [best, least] = [one, counted]
    }
  }
  return best
}
