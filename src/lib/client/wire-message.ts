/** A message as it is sent: the body of POST /api/messages, of which answers.test.ts makes sure. */
export type WireMessage = {
  session_id: string
  uuid: string
  content?: string
  type?: string
  role?: string
  tool?: string
  status?: string
  model?: string
  input_tokens?: number
  output_tokens?: number
  timestamp?: string
  project?: string
  source?: string
  author?: string
  workspace_id?: string
}
