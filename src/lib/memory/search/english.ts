/** Words that say how something is asked, not what is asked for. Left out unless nothing else was said. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a an the and or but nor so if then than as of at by for with about against between into through during before
  after above below to from up down in out on off over under again further once here there when where why how what
  which who whom whose this that these those am is are was were be been being have has had having do does did doing
  done will would shall should can could may might must i me my mine myself we us our ours ourselves you your yours
  yourself he him his himself she her hers herself it its itself they them their theirs themselves not no only own
  same too very just also s t d ll m re ve don didn doesn isn wasn aren couldn wouldn won shouldn hasn haven hadn ain
  let get got please tell any some all each every both either neither`.split(/\s+/),
)

const IRREGULAR_FORMS = `arise arose arisen|awake awoke awoken|bear bore borne|beat beaten|become became|
begin began begun|bend bent|bind bound|bite bit bitten|bleed bled|blow blew blown|break broke broken|breed bred|
bring brought|build built|burn burnt|buy bought|catch caught|choose chose chosen|cling clung|come came|creep crept|
deal dealt|dig dug|draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|
feed fed|feel felt|fight fought|find found|flee fled|fly flew flown|forbid forbade forbidden|
forget forgot forgotten|forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given|go went gone|
grind ground|grow grew grown|hang hung|hear heard|hide hid hidden|hold held|keep kept|kneel knelt|know knew known|
lay laid|lead led|leap leapt|learn learnt|leave left|lend lent|lie lay lain|light lit|lose lost|make made|mean meant|
meet met|mistake mistook mistaken|overcome overcame|override overrode overridden|pay paid|prove proven|
ride rode ridden|ring rang rung|rise rose risen|run ran|say said|see saw seen|seek sought|sell sold|send sent|
sew sewn|shake shook shaken|shine shone|shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk|
sit sat|sleep slept|slide slid|speak spoke spoken|speed sped|spell spelt|spend spent|spill spilt|spin spun|
spring sprang sprung|stand stood|steal stole stolen|stick stuck|sting stung|stink stank|strike struck|string strung|
swear swore sworn|sweep swept|swell swollen|swim swam swum|swing swung|take took taken|teach taught|tear tore torn|
tell told|think thought|throw threw thrown|tread trod|understand understood|undergo underwent undergone|
wake woke woken|wear wore worn|weave wove woven|weep wept|win won|wind wound|withdraw withdrew withdrawn|
write wrote written|rewrite rewrote rewritten|rebuild rebuilt|overwrite overwrote overwritten|undo undid undone|
child children|foot feet|goose geese|man men|woman women|mouse mice|person people|tooth teeth|wife wives|life lives|
knife knives|leaf leaves|half halves|shelf shelves|wolf wolves|index indices indexes|vertex vertices|matrix matrices|
criterion criteria|analysis analyses|appendix appendices|medium media`

/** Other words of the same verb or noun that stemming does not bring together ("went" for "go"). */
export function irregularForms(word: string): readonly string[] {
  for (const base of basesOf(word)) {
    const others = otherForms(base)
    if (others.length > 0) return others
  }
  return []
}

/** One line, so that a look into it is a search for text: to make a map of it would take longer than a whole search. */
const FORMS = ` ${IRREGULAR_FORMS.replaceAll('|', ' | ').replaceAll('\n', ' ')} `

/** Of every group that has the word: "lay" is of "lay laid" and of "lie lay lain". */
function otherForms(word: string): string[] {
  const others: string[] = []
  for (let at = FORMS.indexOf(` ${word} `); at >= 0; at = FORMS.indexOf(` ${word} `, at + 1)) {
    const end = FORMS.indexOf('|', at)
    const group = FORMS.slice(FORMS.lastIndexOf('|', at) + 1, end === -1 ? undefined : end)
    others.push(...group.split(' ').filter((form) => form !== '' && form !== word))
  }
  return [...new Set(others)]
}

/** The word, and what it may be a regular form of: "goes", "leaving", "running". */
function basesOf(word: string): string[] {
  const bases = [word]
  if (word.endsWith('s')) bases.push(word.slice(0, -1))
  if (word.endsWith('es')) bases.push(word.slice(0, -2))
  if (word.endsWith('ing')) {
    const stem = word.slice(0, -3)
    bases.push(stem, `${stem}e`)
    if (stem.at(-1) === stem.at(-2)) bases.push(stem.slice(0, -1))
  }
  return bases
}
