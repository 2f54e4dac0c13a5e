// A formula that is wider than its place scrolls sideways: then, and only then, the keyboard reaches it too.
const FORMULA = '.katex-display' // Streamlit's own element that scrolls, which it makes no stop of the Tab key
const REACHED = { tabindex: '0', role: 'group', 'aria-label': 'Formula, scrolls sideways' }
let planned = 0

const mark = () => {
  planned = 0
  for (const one of document.querySelectorAll(FORMULA)) {
    widths.observe(one)
    const scrolls = one.scrollWidth > one.clientWidth
    if (scrolls === one.hasAttribute('tabindex')) continue
    for (const [name, value] of Object.entries(REACHED)) {
      if (scrolls) one.setAttribute(name, value)
      else one.removeAttribute(name)
    }
  }
}
const plan = () => { planned ||= requestAnimationFrame(mark) }
const widths = new ResizeObserver(plan)
const drawn = new MutationObserver(plan)

export default () => {
  drawn.observe(document.body, { childList: true, characterData: true, subtree: true })
  plan()
  return () => drawn.disconnect()
}
