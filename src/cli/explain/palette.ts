import { createColors } from 'picocolors'
import type { Terminal } from '../terminal'

/** Puts colors around texts, or leaves them alone. */
export type Palette = Readonly<Record<'good' | 'bad' | 'dim' | 'strong', (text: string) => string>>

/** Colors for a person at a terminal, unless NO_COLOR is set (no-color.org); none for a file or a pipe. */
export function paletteOf({ stdout, environment }: Terminal): Palette {
  const colors = createColors(stdout.isInteractive && !environment.NO_COLOR)
  return { good: colors.green, bad: colors.red, dim: colors.dim, strong: colors.bold }
}
