// What is drawn over the points: lines to true neighbours, the open text, new texts, names of topics, a region.
const FINER = 2 // so many times nearer than the whole, and the next finer level of names shows
const COVERED = 54 // pixels: three times as high as a name's plate, and most of the topic is seen around it
const CLEAR = 16 // half a plate, and a point of its topic

function drawMarks(pen, look, see, style) {
  const { width, height } = see
  pen.clearRect(0, 0, width, height)
  for (const { colour, ends } of look.lines) {
    pen.strokeStyle = colour
    pen.lineWidth = 1.6
    pen.beginPath()
    for (const end of ends) {
      pen.moveTo(...see.onScreen(look.focus))
      pen.lineTo(...see.onScreen(end))
    }
    pen.stroke()
  }
  if (look.focus) ring(pen, see.onScreen(look.focus), look.ringed)
  for (const { at } of look.placed) diamond(pen, see.onScreen(at), look.placedColour)
  drawNames(pen, look, see, style)
  if (see.region.length > 1) drawRegion(pen, see.region, style)
  if (see.cross) cross(pen, width / 2, height / 2, style)
}

function ring(pen, [x, y], colour) {
  pen.strokeStyle = colour
  pen.lineWidth = 3
  pen.beginPath()
  pen.arc(x, y, 8, 0, 2 * Math.PI)
  pen.stroke()
}

function diamond(pen, [x, y], colour) {
  pen.fillStyle = colour
  pen.strokeStyle = '#ffffff'
  pen.lineWidth = 1.5
  pen.beginPath()
  for (const [right, down] of [[0, -8], [8, 0], [0, 8], [-8, 0]]) pen.lineTo(x + right, y + down)
  pen.closePath()
  pen.fill()
  pen.stroke()
}

function cross(pen, x, y, style) {
  pen.strokeStyle = style.ink
  pen.lineWidth = 1
  pen.beginPath()
  for (const [right, down] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    pen.moveTo(x + 5 * right, y + 5 * down)
    pen.lineTo(x + 12 * right, y + 12 * down)
  }
  pen.stroke()
}

function drawRegion(pen, region, style) {
  pen.beginPath()
  region.forEach((at) => pen.lineTo(...at))
  pen.closePath()
  pen.fillStyle = `${style.accent}22`
  pen.strokeStyle = style.accent
  pen.lineWidth = 1.5
  pen.fill()
  pen.stroke()
}

// The first ones, which are the largest, take their places; a name that would cover another waits for more room.
function drawNames(pen, look, see, style) {
  const taken = []
  pen.font = `12px ${style.font}`
  pen.textBaseline = 'middle'
  pen.textAlign = 'center'
  const deepest = Math.log(see.nearness) / Math.log(FINER)
  for (const one of look.names) {
    if (one.level > Math.max(0, deepest)) continue
    const [across, middle] = see.onScreen(one.at)
    one.wide ??= pen.measureText(one.name).width
    const down = middle + beside(one, see, middle)
    if (across < 0 || down < 0 || across > see.width || down > see.height) continue
    const half = one.wide / 2 + 5
    const x = Math.max(half, Math.min(see.width - half, across)), y = Math.max(9, Math.min(see.height - 9, down))
    if (taken.some(([tx, ty, other]) => Math.abs(tx - x) < half + other && Math.abs(ty - y) < 20)) continue
    taken.push([x, y, half])
    pen.fillStyle = style.plate
    pen.beginPath()
    pen.roundRect(x - half, y - 9, 2 * half, 18, 3)
    pen.fill()
    pen.fillStyle = style.ink
    pen.fillText(one.name, x, y)
  }
}

// A name stands on its topic where that is larger; it would hide a small one, so it stands above it, or below.
function beside({ box: [left, low, right, high], wide }, see, middle) {
  const [[west, bottom], [east, top]] = [see.onScreen([left, low]), see.onScreen([right, high])]
  if (east - west > wide || bottom - top > COVERED) return 0
  const above = top - CLEAR
  return (above < 9 ? bottom + CLEAR : above) - middle
}
