// The points of a map on one canvas by WebGL: places once, colours and what stands out as often as they change.
const DIM = 0, PALE = 1, FULL = 2, LEVELS = 3
const BOLD = 1.4 // so much larger is what stands out among what is dimmed
const VERTEX = `#version 300 es
in vec2 place; in float colour; in float level; in float size;
uniform vec2 centre, zoom; uniform float grow, bold; uniform vec4 dim; uniform sampler2D palette;
flat out vec4 ink; out float width;
void main() {
  gl_Position = vec4((place - centre) * zoom, 0., 1.);
  gl_PointSize = width = max(1., size * grow * (level < .5 ? 1. : bold));
  ink = level < .5 ? dim : texelFetch(palette, ivec2(int(colour + .5), 0), 0);
}`
const FRAGMENT = `#version 300 es
precision mediump float;
flat in vec4 ink; in float width; out vec4 seen;
void main() {
  float far = length(gl_PointCoord - .5) * width;
  float there = width < 2.5 ? 1. : clamp(width * .5 - far + .5, 0., 1.);
  if (there <= 0.) discard;
  seen = vec4(ink.rgb, 1.) * ink.a * there;
}`

function compiled(gl, kind, source) {
  const shader = gl.createShader(kind)
  gl.shaderSource(shader, source)
  gl.compileShader(shader)
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader))
  return shader
}

function linked(gl) {
  const program = gl.createProgram()
  gl.attachShader(program, compiled(gl, gl.VERTEX_SHADER, VERTEX))
  gl.attachShader(program, compiled(gl, gl.FRAGMENT_SHADER, FRAGMENT))
  gl.linkProgram(program)
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program))
  return program
}

// Every beginning of this order is spread over the whole file, so that a share of it stands for all.
function spreadOrder(n) {
  let step = Math.max(1, Math.round(n * 0.6180339887))
  const shared = (a, b) => (b ? shared(b, a % b) : a)
  while (shared(n, step) !== 1) step += 1
  return (place) => (place * step) % n
}

// Places by level, the dim ones first, so that what stands out is painted over the rest.
function byLevel(levels) {
  const n = levels.length, counts = new Uint32Array(LEVELS), at = new Uint32Array(LEVELS)
  for (const level of levels) counts[level] += 1
  for (let level = 1; level < LEVELS; level += 1) at[level] = at[level - 1] + counts[level - 1]
  const order = new Uint32Array(n), next = n ? spreadOrder(n) : null
  for (let place = 0; place < n; place += 1) {
    const one = next(place)
    order[at[levels[one]]++] = one
  }
  return { order, counts }
}

// null where the browser has no WebGL 2.
function makePainter(canvas) {
  const gl = canvas.getContext('webgl2', { antialias: false, preserveDrawingBuffer: false })
  if (!gl) return null
  const program = linked(gl), buffers = {}, uniform = (name) => gl.getUniformLocation(program, name)
  const [centre, zoom, grow, bold, dim] = ['centre', 'zoom', 'grow', 'bold', 'dim'].map(uniform)
  let counts = new Uint32Array(LEVELS)
  gl.useProgram(program)
  gl.enable(gl.BLEND)
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture())
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST)

  const fill = (name, values, kind, across) => {
    const place = gl.getAttribLocation(program, name)
    gl.bindBuffer(gl.ARRAY_BUFFER, (buffers[name] ??= gl.createBuffer()))
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW)
    gl.enableVertexAttribArray(place)
    gl.vertexAttribPointer(place, across, kind, false, 0, 0)
  }
  return {
    setPlaces: (places) => fill('place', places, gl.FLOAT, 2),
    // colours (n,) numbers of the palette; levels (n,) DIM, PALE or FULL; sizes (n,) pixels or one for all
    setLook({ colours, levels, sizes }) {
      fill('colour', colours, gl.UNSIGNED_BYTE, 1)
      fill('level', levels, gl.UNSIGNED_BYTE, 1)
      const place = gl.getAttribLocation(program, 'size')
      if (typeof sizes === 'number') {
        gl.disableVertexAttribArray(place)
        gl.vertexAttrib1f(place, sizes)
      } else fill('size', sizes, gl.UNSIGNED_BYTE, 1)
      const sorted = byLevel(levels)
      counts = sorted.counts
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, (buffers.order ??= gl.createBuffer()))
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, sorted.order, gl.STATIC_DRAW)
    },
    // 256 colours of four bytes each
    setPalette(bytes) {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes)
    },
    // share: of the points of each level, so many are drawn
    draw({ x, y, scale, width, height, ratio, enlarge, dimmed, share }) {
      gl.viewport(0, 0, canvas.width, canvas.height)
      gl.clearColor(0, 0, 0, 0)
      gl.clear(gl.COLOR_BUFFER_BIT)
      gl.uniform2f(centre, x, y)
      gl.uniform2f(zoom, (2 * scale) / width, (2 * scale) / height)
      gl.uniform1f(grow, ratio * enlarge)
      gl.uniform1f(bold, counts[DIM] ? BOLD : 1)
      gl.uniform4f(dim, ...dimmed)
      let from = 0
      for (const count of counts) {
        const drawn = Math.ceil(count * share)
        if (drawn) gl.drawElements(gl.POINTS, drawn, gl.UNSIGNED_INT, 4 * from)
        from += count
      }
    },
    // Waits until what was drawn is there; gives the milliseconds it took.
    finish() {
      const start = performance.now()
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4))
      return Math.max(1, performance.now() - start)
    },
    close: () => gl.getExtension('WEBGL_lose_context')?.loseContext(),
  }
}
