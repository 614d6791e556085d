/** @file Lists of proxies as Chromium gives them. */
import { describe, expect, test } from 'vitest';
import { chooseProxy, createSystemProxies } from '../../../src-main/shell/proxies.ts';

describe('a list of proxies', () => {
  test.each([
    ['DIRECT', null],
    ['', null],
    ['PROXY proxy.example.org:3128', 'http://proxy.example.org:3128'],
    ['PROXY one:3128; PROXY two:3128; DIRECT', 'http://one:3128'],
    ['HTTPS proxy.example.org:443;DIRECT', 'https://proxy.example.org:443'],
    ['PROXY [2001:db8::1]:8080', 'http://[2001:db8::1]:8080'],
    ['DIRECT; PROXY one:3128', null],
    ['SOCKS5 one:1080; PROXY two:3128; DIRECT', 'http://two:3128'],
  ])('%j is %j', (list, proxy) => {
    expect(chooseProxy(list)).toBe(proxy);
  });

  test.each(['SOCKS one:1080', 'SOCKS5 one:1080; DIRECT', 'QUIC one:443', 'PROXY ', 'PROXY :::'])(
    '%j is refused rather than gone around',
    (list) => {
      expect(() => chooseProxy(list)).toThrow(
        expect.objectContaining({
          code: 'proxy-unusable',
          message: expect.stringContaining(list.split(';')[0]?.trim() ?? ''),
        }),
      );
    },
  );

  test('is asked for each address', async () => {
    const asked: string[] = [];
    const proxyFor = createSystemProxies((url) => {
      asked.push(url);
      return Promise.resolve(url.includes('inside') ? 'DIRECT' : 'PROXY proxy:3128');
    });
    expect(await proxyFor('https://inside.example.org/a')).toBeNull();
    expect(await proxyFor('https://api.github.com/')).toBe('http://proxy:3128');
    expect(asked).toEqual(['https://inside.example.org/a', 'https://api.github.com/']);
  });
});
