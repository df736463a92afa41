import {createServer, type RequestListener} from 'node:http'
import type {AddressInfo} from 'node:net'
import {describe, expect, onTestFinished, test} from 'vitest'
import {openTestServer} from '../../../test/helpers/test-server.ts'
import {PRODUCT} from '../config/product.ts'
import {checkServer} from './check-server.ts'

const TOKEN = 'the-token'

async function bmfote(options: {token?: string} = {token: TOKEN}): Promise<string> {
  const {app} = await openTestServer(options)
  return app.listen({host: '127.0.0.1', port: 0})
}

async function somethingElse(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const page =
  (html: string, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, {'content-type': 'text/html'}).end(html)
  }

describe('which of the two is wrong', () => {
  test('neither: what is there is told', async () => {
    const url = await bmfote()

    const check = await checkServer({url, token: TOKEN, now: () => new Date()})

    expect(check).toMatchObject({url, version: PRODUCT.version, messages: 0, notes: []})
    expect(Math.abs(check.clockSkewSeconds ?? Number.NaN)).toBeLessThan(5)
  })

  test('neither, for a server without a token', async () => {
    const url = await bmfote({})

    expect(await checkServer({url, token: 'needless'})).toMatchObject({messages: 0})
    expect(await checkServer({url})).toMatchObject({messages: 0})
  })

  test('the token', async () => {
    const url = await bmfote()

    await expect(checkServer({url, token: 'wrong'})).rejects.toMatchObject({
      code: 'unauthorized',
      message: `The server at ${url} answers, but does not take this token.`,
      next: expect.stringContaining('The address is right, the token is not'),
    })
  })

  test('the token, which is missing', async () => {
    const url = await bmfote()

    await expect(checkServer({url})).rejects.toMatchObject({
      code: 'unauthorized',
      message: `The server at ${url} wants a token.`,
      next: expect.stringContaining('--token'),
    })
  })

  test('the address: nothing listens there', async () => {
    const url = await somethingElse(() => undefined)
    const free = url.replace(/\d+$/, '1')

    await expect(checkServer({url: free, token: TOKEN})).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining("can't be reached"),
    })
  })

  test('the address: there is no such host', async () => {
    await expect(checkServer({url: 'https://nowhere.invalid', token: TOKEN})).rejects.toMatchObject({
      message: "The server at https://nowhere.invalid can't be reached: there is no such host.",
    })
  })

  test('the address: it hangs', async () => {
    const url = await somethingElse(() => undefined)

    await expect(checkServer({url, token: TOKEN, timeoutMs: 50})).rejects.toMatchObject({
      message: `The server at ${url} did not answer within 0.05 seconds.`,
    })
  })

  test('the address: a proxy’s login page', async () => {
    const url = await somethingElse(page('<!doctype html><title>Sign in to Acme</title>'))

    await expect(checkServer({url, token: TOKEN})).rejects.toMatchObject({
      message: `What answers at ${url} is not bmfote (it is a web page, "Sign in to Acme").`,
      next: expect.stringContaining('A proxy may want you to sign in'),
    })
  })

  test('the address: a proxy that sends to its login page, and gets no token', async () => {
    const authorizations: unknown[] = []
    const url = await somethingElse((request, response) => {
      authorizations.push(request.headers.authorization)
      response.writeHead(302, {location: 'https://login.example.com/start?to=x'}).end()
    })

    await expect(checkServer({url, token: TOKEN})).rejects.toMatchObject({
      message: `What answers at ${url} is not bmfote (it sends to https://login.example.com/start).`,
    })
    expect(authorizations).toEqual([undefined])
  })

  test('the address: another program', async () => {
    const url = await somethingElse((_request, response) => response.end('{"name": "grafana"}'))

    await expect(checkServer({url, token: TOKEN})).rejects.toMatchObject({
      message: `What answers at ${url} is not a bmfote server.`,
    })
  })

  test('the server is not well', async () => {
    const url = await somethingElse(page('Bad Gateway', 502))

    await expect(checkServer({url, token: TOKEN})).rejects.toMatchObject({
      message: `${url} answers with the error 502.`,
    })
  })
})
