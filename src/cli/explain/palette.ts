import type { Terminal } from '../terminal'

/** Puts colors around texts, or leaves them alone. */
export type Palette = Readonly<Record<'good' | 'bad' | 'dim' | 'strong', (text: string) => string>>

const sequence =
  (code: number) =>
  (text: string): string =>
    text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`
const plain = (text: string): string => text

/** Colors for a person at a terminal, unless NO_COLOR is set (no-color.org); none for a file or a pipe. */
export const paletteOf = ({ stdout, environment }: Terminal): Palette =>
  stdout.isInteractive && !environment.NO_COLOR
    ? { good: sequence(32), bad: sequence(31), dim: sequence(2), strong: sequence(1) }
    : { good: plain, bad: plain, dim: plain, strong: plain }
