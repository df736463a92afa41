import type {CompletionFlag, CompletionNode} from './command-tree.ts'

export function fishScript(nodes: CompletionNode[]): string {
  const paths = nodes.filter(({path}) => path !== '').map(({path}) => quoteForFish(path))
  return `# bmfote completion for fish
set -g __bmfote_paths ${paths.join(' ')}
function __bmfote_at --argument-names expected
  set -l words (commandline -opc)
  set -l at
  string match -qr '(^|/)bmfote-agent$' -- $words[1]; and set at agent
  for word in $words[2..-1]
    contains -- (string join ' ' -- $at $word) $__bmfote_paths; and set -a at $word
  end
  set -l here (string join ' ' -- $at)
  test "$here" = "$expected"
end
for program in bmfote bmfote-agent
${nodes
  .flatMap(linesOf)
  .map((line) => `  ${line}`)
  .join('\n')}
end`
}

function linesOf({path, words, flags}: CompletionNode): string[] {
  const at = `complete -c $program -n ${quoteForFish(`__bmfote_at ${quoteForFish(path)}`)}`
  return [
    ...(words.length > 0 ? [`${at} -f`] : []),
    ...words.map(({word, description}) => `${at} -a ${quoteForFish(word)} -d ${quoteForFish(description)}`),
    ...flags.map((flag) => `${at} ${flagOptions(flag)}`),
  ]
}

function flagOptions({name, char, description, takesValue, options}: CompletionFlag): string {
  const parts = [`-l ${name}`]
  if (char !== undefined) parts.push(`-s ${char}`)
  if (options.length > 0) parts.push(`-x -a ${quoteForFish(options.join(' '))}`)
  else if (takesValue) parts.push('-r')
  return [...parts, `-d ${quoteForFish(description)}`].join(' ')
}

/** fish knows two escapes inside single quotes: the quote and the backslash. */
function quoteForFish(word: string): string {
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
