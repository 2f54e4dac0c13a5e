// Our own SVG in the page. Elements with data-pick can be clicked, or reached with the arrow keys and chosen
// with Enter; what they hold goes back to Python. It stands behind reaching.js in one module.
// What gives way takes the room that the rest of its picture leaves, where CSS cannot say so inside an SVG.
function fit(place) {
  place.fitted?.disconnect()
  const room = place.querySelector('svg svg[data-beside]')
  if (!room) return
  const taken = () => room.setAttribute('width', Math.max(1, room.parentNode.clientWidth - room.dataset.beside))
  place.fitted = new ResizeObserver(taken)
  place.fitted.observe(room.parentNode)
}

export default ({ data, parentElement, setTriggerValue }) => {
  const place = parentElement.querySelector('.drawing')
  const inside = place.contains(place.getRootNode().activeElement)
  place.innerHTML = data
  tell(place)
  fit(place)
  // Without picks nothing in it takes the focus, and what scrolls must be reached by the keyboard.
  if (!place.querySelector('[data-pick]') && place.scrollWidth > place.clientWidth) place.tabIndex = 0
  reachable(place, inside, (one) => setTriggerValue('pick', one.dataset.pick))
}
