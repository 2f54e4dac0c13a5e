// Keeps what was done to files in this browser, without the files, and tells the server once what is kept.
const PREFIX = 'zetascope:'
const OPEN = 'zetascope-open'
const MOST = 10 // files; older ones are let go
let told = false

const kept = () =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => {
      try {
        const { sha, name, text, at } = JSON.parse(localStorage.getItem(key))
        return { sha, name, text, at: Number(at) || 0 }
      } catch {
        return { sha: key.slice(PREFIX.length), name: '', text: '', at: 0 }
      }
    })
    .sort((one, other) => other.at - one.at)

const keep = ({ sha, name, text }) => {
  sessionStorage.setItem(OPEN, sha)
  const before = kept().find((one) => one.sha === sha)
  if (!text || (before && before.text === text && before.name === name)) return
  localStorage.setItem(PREFIX + sha, JSON.stringify({ sha, name, text, at: Date.now() }))
  for (const old of kept().slice(MOST)) localStorage.removeItem(PREFIX + old.sha)
}

export default function ({ data, setStateValue }) {
  try {
    for (const sha of data.forget) localStorage.removeItem(PREFIX + sha)
    if (data.keep) keep(data.keep)
    if (!data.ask || told) return
    told = true
    const entries = kept().slice(0, MOST)
    if (entries.length) setStateValue('kept', { open: sessionStorage.getItem(OPEN) || '', entries })
  } catch {
    // A browser that keeps nothing, or whose room is full, is left as it is: the project file remains.
  }
}
