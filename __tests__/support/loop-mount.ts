import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const run = (command: string, ...parameters: string[]) =>
  execFileSync(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'] }).toString()

/** A file system in a file, mounted. */
export type LoopMount = {
  readonly folder: string
  readonly image: string
  /** Mounts a copy of the image as it is at this moment, as a machine would find it after a power cut. */
  cutPower(): { readonly folder: string; remove(): void }
  remove(): void
}

function mount(image: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  run('mount', '-o', 'loop', image, folder)
}

/** Undefined where this machine cannot do it: not root, or without loop devices. */
export function createLoopMount(megabytes: number): LoopMount | undefined {
  if (process.getuid?.() !== 0) return undefined
  const parent = mkdtempSync(join(tmpdir(), 'waybill-mount-'))
  const image = join(parent, 'image')
  const folder = join(parent, 'mounted')
  const unmount = (place: string) => {
    try {
      // Lazily: the binding keeps files open for a while.
      run('umount', '-l', place)
    } catch {
      // It is not mounted.
    }
  }
  try {
    run('truncate', '-s', `${megabytes}M`, image)
    run('mkfs.ext4', '-q', '-F', image)
    mount(image, folder)
  } catch {
    rmSync(parent, { recursive: true, force: true })
    return undefined
  }
  return {
    folder,
    image,
    cutPower() {
      const copy = `${image}-copy`
      const copied = join(parent, 'copied')
      run('cp', '--sparse=always', image, copy)
      mount(copy, copied)
      return {
        folder: copied,
        remove() {
          unmount(copied)
          rmSync(copy, { force: true })
        },
      }
    },
    remove() {
      unmount(folder)
      rmSync(parent, { recursive: true, force: true })
    },
  }
}
