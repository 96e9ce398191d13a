import { signal } from '@preact/signals'

export type Toast = {
  readonly id: number
  readonly text: string
  readonly href?: string
  readonly link?: string
}
export const toasts = signal<readonly Toast[]>([])
let last = 0

/** Says that something was done, with a way to what it made. */
export function say(text: string, href?: string, link?: string): void {
  last += 1
  const id = last
  toasts.value = [
    ...toasts.value,
    { id, text, ...(href !== undefined && { href }), ...(link !== undefined && { link }) },
  ]
  setTimeout(() => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }, 7_000)
}

/** Says why something could not be done. */
export const sayFailure = (error: unknown): void => {
  const { message } = error as Error
  say(`${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`)
}
