// The saved map: what the page of the app asks Python for is found here, in the texts that the file brings along.
const told = JSON.parse(document.getElementById('told').textContent)
const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
const find = (name) => document.querySelector(`[data-part="${name}"]`)
const places = told.texts.map((_, place) => place), SHOWN = 300, LONGEST = 160
const looks = told.looks.map(({ look }) => readLook(bytesOf(look)))
const inTopic = (topic) => places.filter((place) => told.topics[place] === topic)
let listed = places, what = 'on the map', found = null, open = null, wanted = []

const stock = readStock(bytesOf(told.points))
stock.text = (place) => [short(told.texts[place]), `row ${told.rows[place]}`, topicOf(place)].join('\n')
shared(stock.id).stock = stock

function short(text) { return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text }
function topicOf(place) { return told.names[told.topics[place]] ?? 'in no topic' }

function element(kind, text, attributes = {}) {
  const made = document.createElement(kind)
  if (text) made.textContent = text
  return Object.assign(made, attributes)
}

// Words and, in quotes, phrases; all of them must occur.
function wordsOf(query) {
  const parts = query.toLowerCase().match(/"[^"]+"|[^\s"]+/g) ?? []
  return parts.map((part) => part.replaceAll('"', '').trim()).filter(Boolean)
}

function marked(text, words) {
  const shown = document.createDocumentFragment(), low = text.toLowerCase()
  // Where lower case is of another length, no place in it is a place in the text.
  const spans = low.length !== text.length ? [] : words.flatMap((word) => {
    const at = []
    for (let from = low.indexOf(word); from >= 0; from = low.indexOf(word, from + word.length)) at.push([from, from + word.length])
    return at
  }).sort((a, b) => a[0] - b[0])
  let done = 0
  for (const [from, end] of spans) {
    if (from < done) continue
    shown.append(text.slice(done, from), element('mark', text.slice(from, end)))
    done = end
  }
  shown.append(text.slice(done))
  return shown
}

function drawMap() {
  const chosen = Number(find('colour').value), look = looks[chosen], inside = found && new Set(found)
  const { colours, sizes } = look.looks
  const levels = Uint8Array.from(places, (place) => (
    inside && !inside.has(place) ? DIM : colours[place] === 255 ? PALE : FULL))
  const focus = open === null ? null : [stock.places[2 * open], stock.places[2 * open + 1]]
  const shown = { ...look, names: looks[0].names, focus, clearable: found !== null, looks: { colours, sizes, levels } }
  mountMap({ data: shown, parentElement: find('map'), setTriggerValue: answer })
}

function answer(event, value) {
  if (event === 'pick') read(value)
  if (event === 'clear') take(null, 'on the map')
  if (event === 'area') {
    const corners = value, within = (x, y) => corners.reduce((odd, [x0, y0], i) => {
      const [x1, y1] = corners[(i + 1) % corners.length]
      return (y0 > y) !== (y1 > y) && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0 ? !odd : odd
    }, false)
    take(places.filter((place) => within(stock.places[2 * place], stock.places[2 * place + 1])), 'selected')
  }
}

// These texts stand out on the map and are listed beside it; null: all.
function take(some, name) {
  found = some
  listed = some ?? places
  what = name
  open = null
  draw()
}

function read(place) {
  open = place
  if (!listed.includes(place)) [listed, what, found] = [places, 'on the map', null]
  draw()
}

function drawList() {
  find('said').textContent = `${listed.length.toLocaleString('en')} ${listed.length === 1 ? 'text' : 'texts'} ${what}`
  const item = (place) => {
    const line = element('li'), button = element('button', '', { type: 'button', onclick: () => read(place) })
    button.append(marked(short(told.texts[place]), wanted))
    if (place === open) button.setAttribute('aria-current', 'true')
    line.append(button)
    return line
  }
  const from = Math.max(0, Math.min(listed.indexOf(open) - 20, listed.length - SHOWN))
  find('list').replaceChildren(...listed.slice(from, from + SHOWN).map(item))
  find('more').textContent = listed.length > SHOWN ? `${SHOWN} of them are listed; Next goes through all.` : ''
}

function drawText() {
  find('pane').hidden = open === null
  if (open === null) return
  const at = listed.indexOf(open)
  find('row').textContent = `Row ${told.rows[open]}, ${(at + 1).toLocaleString('en')} of ${listed.length.toLocaleString('en')} ${what}`
  find('text').replaceChildren(marked(told.texts[open], wanted))
  find('cells').replaceChildren(...['topic', ...told.columns].map((name, column) => {
    const line = element('tr')
    line.append(element('th', name), element('td', column ? told.cells[column - 1][open] : topicOf(open)))
    return line
  }))
  const go = { before: listed[at - 1], after: listed[at + 1] }
  for (const [name, place] of Object.entries(go)) {
    find(name).disabled = place === undefined
    find(name).onclick = () => read(place)
  }
}

function draw() {
  drawMap()
  drawList()
  drawText()
}

told.looks.forEach(({ title }, at) => find('colour').append(element('option', title, { value: at })))
find('colour').onchange = drawMap
find('query').oninput = () => {
  wanted = wordsOf(find('query').value)
  const has = (place) => wanted.every((word) => told.texts[place].toLowerCase().includes(word))
  take(wanted.length ? places.filter(has) : null, wanted.length ? 'found' : 'on the map')
}
find('topics').append(...told.names.map((name, topic) => {
  const line = element('li'), button = element('button', name, { type: 'button' })
  button.onclick = () => take(inTopic(topic), `in ${name}`)
  line.append(button, element('small', ` ${inTopic(topic).length.toLocaleString('en')}`))
  return line
}))
find('kept').hidden = !told.selected.length
find('kept').onclick = () => take(told.selected, 'selected when it was saved')
find('all').onclick = () => take(null, 'on the map')
find('close').onclick = () => {
  open = null
  draw()
}
draw()
