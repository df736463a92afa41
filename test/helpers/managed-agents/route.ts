import type {ShapeName, ShapeTypes} from './check-shape.ts'
import type {Faults} from './faults.ts'
import type {Policy} from './policy.ts'
import type {StandInState} from './state.ts'

export interface Context {
  state: StandInState
  faults: Faults
  policy: Policy
  /** The most that a page has, however many were asked for. */
  pageSize: number | undefined
  now: () => string
  /** Every event is told here before it goes out. */
  checkEvent: (event: unknown) => void
}

export interface Call<Body, Query> extends Context {
  body: Body
  query: Query
  /** The id that `:id` stands for in the path, and so on. */
  params: Record<string, string>
}

export interface Route {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  body: ShapeName
  query: ShapeName
  /** `stream` writes its answer itself. */
  answer: ShapeName | 'stream'
  handle: (call: Call<never, never>) => unknown
}

interface RouteSpec<Body extends ShapeName, Query extends ShapeName, Answer extends ShapeName> {
  method: Route['method']
  path: string
  body?: Body
  query?: Query
  answer: Answer
  handle: (
    call: Call<ShapeTypes[Body], ShapeTypes[Query]>,
  ) => ShapeTypes[Answer] | Promise<ShapeTypes[Answer]>
}

/** Ties the handler's types to the schemas that the request and the answer are held against. */
export function route<
  Answer extends ShapeName,
  Body extends ShapeName = 'Nothing',
  Query extends ShapeName = 'Nothing',
>(spec: RouteSpec<Body, Query, Answer>): Route {
  return {...spec, body: spec.body ?? 'Nothing', query: spec.query ?? 'Nothing'}
}
