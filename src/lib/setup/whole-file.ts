import type {FileEdit} from './change.ts'

/** A file that is ours from the first byte to the last. */
export function wholeFile(file: {
  path: string
  purpose: string
  content: string
  access?: FileEdit['access']
}): FileEdit {
  const {path, purpose, content, access} = file
  return {
    path,
    purpose,
    access,
    isWhole: true,
    install: (text) => ({
      text: content,
      details: [
        text === undefined ? {sign: '+', text: 'new file'} : {sign: '~', text: 'replaced by this version’s'},
      ],
    }),
    // Without a note of it, the name alone does not make it ours.
    uninstall: (text, original) => (original === undefined && !/bmfote/i.test(text) ? text : undefined),
  }
}

/** A file of an older release, which nothing uses any more. */
export function abandonedFile(file: {path: string; purpose: string}): FileEdit {
  return {
    ...file,
    install: () => ({text: undefined, details: [{sign: '-', text: 'the file goes'}]}),
    uninstall: () => undefined,
  }
}
