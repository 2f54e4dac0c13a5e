// Our own SVG in the page. Elements with data-pick can be clicked, or reached with the arrow keys and chosen
// with Enter; what they hold goes back to Python. It stands behind reaching.js in one module.
export default ({ data, parentElement, setTriggerValue }) => {
  const place = parentElement.querySelector('.drawing')
  const inside = place.contains(place.getRootNode().activeElement)
  place.innerHTML = data
  tell(place)
  reachable(place, inside, (one) => setTriggerValue('pick', one.dataset.pick))
}
