import {invalid} from './api-error.ts'
import type {EventsSent} from './api-shapes.ts'
import {pageOf} from './page.ts'
import {type Route, route} from './route.ts'
import {findSession} from './sessions.ts'

const EVENTS_MAX = 50

export const EVENT_ROUTES: Route[] = [
  route({
    method: 'GET',
    path: '/v1/sessions/:session/events',
    query: 'EventQuery',
    answer: 'EventList',
    handle: ({state, params, query, pageSize}) => {
      const listed = findSession(state, params.session).log.list()
      const shown = listed.filter(({event}) => {
        const at = event.processed_at ?? ''
        if (query.types && !query.types.some((type) => type === event.type)) return false
        if (query['created_at[gt]'] && at <= query['created_at[gt]']) return false
        if (query['created_at[gte]'] && at < query['created_at[gte]']) return false
        if (query['created_at[lt]'] && at >= query['created_at[lt]']) return false
        return !query['created_at[lte]'] || at <= query['created_at[lte]']
      })
      const page = pageOf(query.order === 'desc' ? shown.reverse() : shown, query, pageSize)
      return {data: page.data.map(({event}) => event), next_page: page.next_page}
    },
  }),
  route({
    method: 'POST',
    path: '/v1/sessions/:session/events',
    body: 'EventsSend',
    answer: 'EventsSent',
    handle: ({state, params, body}) => {
      const live = findSession(state, params.session)
      if (body.events.length > EVENTS_MAX) throw invalid(`events: at most ${EVENTS_MAX}`)
      return {data: live.receive(body.events) as EventsSent['data']}
    },
  }),
  {
    method: 'GET',
    path: '/v1/sessions/:session/events/stream',
    query: 'StreamQuery',
    body: 'Nothing',
    answer: 'stream',
    handle: ({state, params}) => findSession(state, params.session),
  },
]
