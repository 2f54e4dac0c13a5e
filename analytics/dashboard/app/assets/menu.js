// On a screen so narrow that the menu lies over the page, choosing a page closes the menu.
const NARROW = '(max-width: 768px)' // where Streamlit lays its sidebar over the page

export default () => {
  const chosen = (event) => {
    const link = event.target.closest?.('[data-testid="stSidebarNavLink"]')
    const closer = () => document.querySelector('[data-testid="stSidebarCollapseButton"] button')
    if (link && matchMedia(NARROW).matches) setTimeout(() => closer()?.click(), 50)
  }
  document.addEventListener('click', chosen)
  return () => document.removeEventListener('click', chosen)
}
