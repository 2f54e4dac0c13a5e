// A matrix as a heat map on one canvas. Python sends the length of a JSON header, the header, and float32
// values row by row; a click sends back the row and column of the named cell, from 0.
const SMALLEST_TICK = 13, WIDEST_CELL = 110, GAP = 6, BAR = 10
const instances = new WeakMap()

function read(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  return { ...header, values: new Float32Array(bytes.slice(4 + length).buffer) }
}

function scale(colours) {
  const parts = colours.map((one) => [1, 3, 5].map((at) => parseInt(one.slice(at, at + 2), 16)))
  return Array.from({ length: 256 }, (_, place) => {
    const at = (place / 255) * (parts.length - 1), low = Math.min(Math.floor(at), parts.length - 2)
    return parts[low].map((value, i) => Math.round(value + (parts[low + 1][i] - value) * (at - low)))
  })
}

function colourOf(matrix, value) {
  const share = (value - matrix.limits[0]) / (matrix.limits[1] - matrix.limits[0])
  return matrix.scale[Math.max(0, Math.min(255, Math.round(255 * share)))]
}

function paint(matrix) {
  const [rows, columns] = matrix.shape
  const canvas = new OffscreenCanvas(columns, rows), pen = canvas.getContext('2d')
  const image = pen.createImageData(columns, rows)
  matrix.values.forEach((value, place) => {
    if (Number.isNaN(value)) return
    image.data.set([...colourOf(matrix, value), 255], 4 * place)
  })
  pen.putImageData(image, 0, 0)
  return canvas
}

function short(pen, text, width) {
  if (pen.measureText(text).width <= width) return text
  let end = text.length
  while (end > 1 && pen.measureText(text.slice(0, end) + '…').width > width) end -= 1
  return text.slice(0, end) + '…'
}

function format(value) {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  return size && (size < 1e-4 || size >= 1e6) ? value.toExponential(3) : String(Number(value.toPrecision(5)))
}

// Room for names and titles around the cells, and the size of one named cell.
function layout(pen, matrix, width) {
  const named = Array.isArray(matrix.columns)
  const widest = (names, cap) => Math.min(cap, Math.max(0, ...names.map((one) => pen.measureText(one).width)))
  const left = (matrix.rowTitle ? 18 : 0) + (matrix.rows.length ? widest(matrix.rows, width * 0.25) + GAP : 0)
  const right = matrix.bar ? BAR + 66 : 1
  const count = named ? matrix.columns.length : matrix.shape[1]
  const across = Math.max(40, Math.min(width - left - right - GAP, named ? WIDEST_CELL * count : Infinity))
  const turned = named && widest(matrix.columns, 200) > across / count - 4
  const names = named ? (turned ? widest(matrix.columns, 110) * 0.87 + 14 : 18) : 0
  const top = names + (named && matrix.columnTitle ? 18 : 4)
  const bottom = named ? 4 : matrix.columnTitle ? 38 : 20
  return { left, top, bottom, across, down: matrix.height, turned, named, count,
    cell: [across / count, matrix.height / Math.max(1, matrix.rows.length || matrix.shape[0])] }
}

function drawRows(pen, matrix, at) {
  const step = Math.ceil(SMALLEST_TICK / at.cell[1])
  pen.textAlign = 'right'
  matrix.rows.forEach((name, row) => {
    if (row % step) return
    const room = at.left - GAP - (matrix.rowTitle ? 18 : 0)
    pen.fillText(short(pen, name, room), at.left - GAP, at.top + (row + 0.5) * at.cell[1])
  })
  if (!matrix.rowTitle) return
  pen.save()
  pen.translate(8, at.top + at.down / 2)
  pen.rotate(-Math.PI / 2)
  pen.textAlign = 'center'
  pen.fillText(matrix.rowTitle, 0, 0)
  pen.restore()
}

function drawNames(pen, matrix, at) {
  const step = Math.ceil(SMALLEST_TICK / at.cell[0])
  matrix.columns.forEach((name, column) => {
    if (column % step) return
    pen.save()
    pen.translate(at.left + (column + 0.5) * at.cell[0], at.top - 8)
    if (at.turned) pen.rotate(-Math.PI / 3)
    pen.textAlign = at.turned ? 'left' : 'center'
    pen.fillText(short(pen, name, at.turned ? 110 : at.cell[0]), 0, 0)
    pen.restore()
  })
  pen.textAlign = 'center'
  pen.fillText(matrix.columnTitle, at.left + at.across / 2, 9)
}

function drawNumbers(pen, matrix, at) {
  const rough = at.count / Math.max(2, at.across / 70), power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough))
  pen.textAlign = 'center'
  for (let one = step; one <= at.count; one += step) {
    pen.fillText(String(one), at.left + (one - 0.5) * at.cell[0], at.top + at.down + 12)
  }
  pen.fillText(matrix.columnTitle, at.left + at.across / 2, at.top + at.down + 30)
}

function drawBar(pen, matrix, at) {
  const x = at.left + at.across + 2 * GAP
  for (let y = 0; y < at.down; y += 1) {
    pen.fillStyle = `rgb(${matrix.scale[Math.round(255 * (1 - y / at.down))]})`
    pen.fillRect(x, at.top + y, BAR, 1.5)
  }
  pen.fillStyle = matrix.ink
  pen.textAlign = 'left'
  const [low, high] = matrix.limits
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const y = at.top + Math.min(at.down - 5, Math.max(6, (1 - share) * at.down))
    if (at.down > 90 || share % 0.5 === 0) {
      pen.fillText(String(Number((low + share * (high - low)).toPrecision(2))), x + BAR + 4, y)
    }
  }
  pen.save()
  pen.translate(x + BAR + 48, at.top + at.down / 2)
  pen.rotate(-Math.PI / 2)
  pen.textAlign = 'center'
  pen.fillText(short(pen, matrix.name, at.down), 0, 0)
  pen.restore()
}

function isLight(colour) {
  const [red, green, blue] = colour.match(/[\d.]+/g).map(Number)
  return 0.3 * red + 0.59 * green + 0.11 * blue > 140
}

// The numbers themselves, where every one has room in its cell.
function writeCells(pen, matrix, at) {
  const [rows, columns] = matrix.shape
  const written = (value) => matrix.words?.[value]?.[0] ?? value.toFixed(matrix.digits)
  if (matrix.digits === null || at.cell[1] < 15) return
  if (at.cell[0] < pen.measureText(matrix.words ? '−∞' : '−' + written(0)).width + 2) return
  pen.textAlign = 'center'
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = matrix.values[row * columns + column]
      if (Number.isNaN(value)) continue
      pen.fillStyle = isLight(String(colourOf(matrix, value))) ? '#1a1a1a' : '#ffffff'
      pen.fillText(written(value), at.left + (column + 0.5) * at.cell[0], at.top + (row + 0.5) * at.cell[1])
    }
  }
}

// Cells narrower or lower than a pixel are averaged, in that direction only; larger ones keep sharp edges.
function shrunk(picture, across, down) {
  const width = Math.ceil(Math.min(picture.width, across)), height = Math.ceil(Math.min(picture.height, down))
  if (width === picture.width && height === picture.height) return picture
  const canvas = new OffscreenCanvas(width, height), pen = canvas.getContext('2d')
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(picture, 0, 0, width, height)
  return canvas
}

function draw(canvas, matrix, width, ratio) {
  const pen = canvas.getContext('2d')
  const font = `12px ${matrix.font}`
  pen.font = font
  const at = layout(pen, matrix, width)
  const height = at.top + at.down + at.bottom
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  canvas.style.height = `${height}px`
  pen.scale(ratio, ratio)
  pen.imageSmoothingEnabled = false
  const cells = shrunk(matrix.picture, at.across * ratio, at.down * ratio)
  pen.drawImage(cells, at.left, at.top, at.across, at.down)
  pen.font = font
  pen.textBaseline = 'middle'
  pen.fillStyle = matrix.ink
  drawRows(pen, matrix, at)
  if (at.named) drawNames(pen, matrix, at)
  else drawNumbers(pen, matrix, at)
  if (matrix.bar) drawBar(pen, matrix, at)
  writeCells(pen, matrix, at)
  return at
}

function put(box, at, cell) {
  box.hidden = !cell
  if (!cell) return
  const [row, column] = cell
  box.style.left = `${at.left + column * at.cell[0]}px`
  box.style.top = `${at.top + row * at.cell[1]}px`
  box.style.width = `${Math.max(3, at.cell[0])}px`
  box.style.height = `${Math.max(3, at.cell[1])}px`
}

function describe(matrix, [row, column]) {
  const value = matrix.values[row * matrix.shape[1] + column]
  const parts = {
    row: matrix.rows[row] ?? '',
    column: Array.isArray(matrix.columns) ? matrix.columns[column] : `${matrix.columns} ${column + 1}`,
    name: matrix.name,
    value: matrix.words?.[value]?.[1] ?? format(value),
  }
  return matrix.hover.replace(/\{(\w+)\}/g, (_, part) => parts[part])
}

function save(matrix, width) {
  const canvas = document.createElement('canvas')
  draw(canvas, matrix, width, 2)
  const pen = canvas.getContext('2d')
  pen.globalCompositeOperation = 'destination-over'
  pen.fillStyle = matrix.paper
  pen.resetTransform()
  pen.fillRect(0, 0, canvas.width, canvas.height)
  const link = document.createElement('a')
  link.download = `${matrix.file}.png`
  link.href = canvas.toDataURL('image/png')
  link.click()
}

export default function mount({ data, parentElement, setTriggerValue }) {
  const part = (name) => parentElement.querySelector(`.${name}`)
  const root = part('matrix'), canvas = part('cells'), tip = part('tip')
  const style = getComputedStyle(root)
  const matrix = read(data)
  matrix.scale = scale(matrix.colours)
  matrix.picture = paint(matrix)
  matrix.ink = style.color
  matrix.font = style.fontFamily
  matrix.paper = style.getPropertyValue('--st-background-color') || (isLight(matrix.ink) ? '#111111' : '#ffffff')
  let at = null, here = null

  const redraw = () => {
    if (!root.clientWidth) return
    at = draw(canvas, matrix, root.clientWidth, window.devicePixelRatio || 1)
    put(part('chosen'), at, matrix.chosen)
  }
  const count = matrix.rows.length || matrix.shape[0]
  const show = (cell) => {
    here = cell
    put(part('here'), at, cell)
    tip.hidden = !cell
    if (!cell) return
    tip.textContent = describe(matrix, cell)
    const x = at.left + (cell[1] + 1) * at.cell[0] + GAP, y = at.top + cell[0] * at.cell[1]
    tip.style.left = `${Math.max(0, Math.min(x, root.clientWidth - tip.offsetWidth))}px`
    tip.style.top = `${x > root.clientWidth - tip.offsetWidth ? y + at.cell[1] + GAP : y}px`
  }
  const under = (event) => {
    const column = Math.floor((event.offsetX - at.left) / at.cell[0])
    const row = Math.floor((event.offsetY - at.top) / at.cell[1])
    return row >= 0 && row < count && column >= 0 && column < at.count ? [row, column] : null
  }
  const choose = (cell) => {
    if (!cell || !matrix.clickable) return
    put(part('chosen'), at, cell)
    setTriggerValue('cell', cell)
  }
  canvas.setAttribute('aria-label', matrix.alt)
  canvas.classList.toggle('clickable', matrix.clickable)
  canvas.onpointermove = (event) => show(under(event))
  canvas.onpointerleave = canvas.onblur = () => show(null)
  canvas.onclick = (event) => choose(under(event))
  canvas.onkeydown = (event) => {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key]
    if (event.key === 'Enter') choose(here)
    if (!move) return
    event.preventDefault()
    const [row, column] = here ?? matrix.chosen ?? [0, 0]
    show([Math.max(0, Math.min(count - 1, row + move[0])), Math.max(0, Math.min(at.count - 1, column + move[1]))])
  }
  part('save').onclick = () => save(matrix, root.clientWidth)

  const observer = instances.get(parentElement) ?? new ResizeObserver(() => instances.get(parentElement).redraw())
  observer.redraw = redraw
  instances.set(parentElement, observer)
  observer.observe(root)
  show(null)
  redraw()
  return () => observer.disconnect()
}
