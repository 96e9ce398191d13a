import { effect, signal } from '@preact/signals'

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
const keep = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Private windows may refuse; the choice then lasts for this page.
  }
}

type Theme = 'system' | 'light' | 'dark'
export const theme = signal<Theme>((read('waybill.theme') as Theme | null) ?? 'system')
/** Single-letter keys can be switched off. */
export const hasLetterKeys = signal(read('waybill.keys') !== 'off')
export const mutedCauses = signal<readonly string[]>(JSON.parse(read('waybill.muted') ?? '[]') as string[])

/** Applies the theme, and follows the system where that is wanted. */
export function startSettings(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const apply = (): void => {
    const chosen = theme.value === 'system' ? (dark.matches ? 'dark' : 'light') : theme.value
    document.documentElement.dataset.theme = chosen
  }
  dark.addEventListener('change', apply)
  effect(() => {
    apply()
    keep('waybill.theme', theme.value)
  })
  effect(() => keep('waybill.keys', hasLetterKeys.value ? 'on' : 'off'))
  effect(() => keep('waybill.muted', JSON.stringify(mutedCauses.value)))
}

/** Light, dark, as the system has it, in turn. */
export const nextTheme = (): void => {
  theme.value = theme.value === 'system' ? 'light' : theme.value === 'light' ? 'dark' : 'system'
}
