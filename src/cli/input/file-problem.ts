const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'you have no permission',
  EPERM: 'you have no permission',
  ELOOP: 'its links lead in a circle',
  EISDIR: 'this is a folder; name a file in it',
  EROFS: 'this file system cannot be written to',
  ENOSPC: 'there is no space left on the device',
  EDQUOT: 'your disk quota is used up',
  EFBIG: 'the file would become larger than allowed',
  EIO: 'the device reports an error',
  EMFILE: 'too many files are open',
}

/** What is wrong with a file, in words. */
export const fileProblem = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return reasons[code ?? ''] ?? message
}
