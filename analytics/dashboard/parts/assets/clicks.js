// Clicks on a plotly chart in three dimensions, which plotly tells but Streamlit's chart does not pass on.
export default ({ data, setTriggerValue }) => {
  let chart = null, timer = 0
  const told = (event) => {
    const pick = event.points?.[0]?.customdata
    if (pick !== undefined && pick !== null) setTriggerValue('pick', String(pick))
  }
  const listen = () => {
    chart = document.querySelector(`.st-key-${data} .js-plotly-plot`)
    if (chart?.on) chart.on('plotly_click', told)
    else timer = setTimeout(listen, 100)
  }
  listen()
  return () => {
    clearTimeout(timer)
    chart?.removeListener?.('plotly_click', told)
  }
}
