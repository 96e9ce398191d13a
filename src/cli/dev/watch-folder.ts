import { watch } from 'node:fs'

const settleMs = 80

/** Calls back after files of a folder have changed and nothing followed for a moment; the result stops. */
export function watchFolder(root: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(root, { recursive: true }, (_event, name) => {
    if (name === null || /(^|[\\/])(node_modules|dist|coverage|\.git|__snapshots__)([\\/]|$)/.test(name))
      return
    if (!/\.(?:[cm]?[jt]s|json)$/.test(name)) return
    clearTimeout(timer)
    timer = setTimeout(onChange, settleMs)
  })
  watcher.on('error', () => undefined)
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
