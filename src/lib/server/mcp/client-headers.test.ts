import {expect, test} from 'vitest'
import {callTool} from '../../../../test/helpers/call-tool.ts'
import {openTestServer} from '../../../../test/helpers/test-server.ts'

test('a client says in its headers once for all calls where it comes from', async () => {
  const {app} = await openTestServer()
  const headers = {
    'x-bmfote-source': 'cursor',
    'x-bmfote-author': encodeURIComponent('Zoë Müller'),
    'x-bmfote-workspace': 'research',
  }

  await callTool(app, {name: 'remember', args: {content: 'We ship on Tuesdays'}, headers})
  await callTool(app, {name: 'remember', args: {content: 'Elsewhere', workspace: 'other'}, headers})

  const stored = async (workspace: string) =>
    (await app.inject(`/api/recent?workspace_id=${workspace}`)).json()
  expect(await stored('research')).toMatchObject([
    {content: 'We ship on Tuesdays', source: 'cursor', author: 'Zoë Müller'},
  ])
  expect(await stored('other')).toMatchObject([{content: 'Elsewhere', source: 'cursor'}])
  const {structured} = await callTool(app, {name: 'get_recent', headers})
  expect(structured?.messages).toMatchObject([{author: 'Zoë Müller'}])
})

test('a header that is not encoded is taken as it stands, and without one the source is mcp', async () => {
  const {app} = await openTestServer()

  await callTool(app, {name: 'remember', args: {content: 'one'}, headers: {'x-bmfote-author': '100%'}})

  const [message] = (await app.inject('/api/recent')).json()
  expect(message).toMatchObject({source: 'mcp', author: '100%'})
})
