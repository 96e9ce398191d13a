/** Where a command writes to. */
export type Output = {
  /** Resolves, or returns nothing, when more may be written. Does nothing once the reader has gone. */
  write(text: string): Promise<void> | undefined
  /** True when a person looks on. */
  readonly isInteractive: boolean
  /** Characters per line. */
  readonly columns: number
  /** True when the reader has gone, as `head` does. */
  readonly isClosed: boolean
}

/** Everything a command has to do with the world around it. Commands take it as an argument, so tests need no process. */
export type Terminal = {
  readonly stdin: { readonly chunks: AsyncIterable<Buffer>; readonly isInteractive: boolean }
  readonly stdout: Output
  readonly stderr: Output
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingDirectory: string
  /** Files to which the shell has redirected standard input or output, by `fileIdentity`. */
  readonly redirections?: readonly { readonly name: string; readonly identity: string }[]
  /**
   * Calls the listener when the user asks to stop: control-C, a signal to terminate, or the end of the session. The
   * result takes it off.
   */
  onInterrupt(listener: () => void): () => void
  /** Nothing that is written from now on shows these values. */
  hide?(secrets: readonly string[]): void
}
