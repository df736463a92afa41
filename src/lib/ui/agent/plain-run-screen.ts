import {renderLines} from '../print.ts'
import {type FeedItem, RunFeed} from './run-feed.ts'
import {feedLines} from './run-lines.ts'
import type {RunScreen} from './run-screen.ts'

/** For logs and for terminals that can't be drawn on: a line for each thing that is over. */
export function plainRunScreen(write: (line: string) => void): RunScreen {
  const feed = new RunFeed()
  const tell = (item: FeedItem) =>
    write(renderLines(feedLines(item, Number.POSITIVE_INFINITY), {color: false}))
  return {
    begin: () => undefined,
    update: (view) => {
      for (const item of feed.take(view)) tell(item)
    },
    note: (sentence) => tell(feed.note(sentence)),
    close: async () => undefined,
  }
}
