/** @file All icons, drawn here on a grid of 16. They say nothing by themselves: the words beside them do. */

const paths = {
  arrow: 'M2.5 8h11M9.5 4l4 4-4 4',
  alert: 'M8 1.8 14.6 13.500H1.400zM8 6v3.500M8 11.300v.4',
  back: 'M13.500 8h-11m4-4-4 4 4 4',
  check: 'm3 8.500 3.300 3.300L13 5',
  chevron: 'm4 6 4 4 4-4',
  circle: 'M8 3.5a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9',
  clock: 'M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800M8 4.500V8l2.500 1.500',
  close: 'm4 4 8 8m0-8-8 8',
  copy: 'M5.500 5.500V3.200c0-.4.3-.7.7-.7h6.600c.4 0 .7.3.7.7v6.600c0 .4-.3.7-.7.7h-2.300M3.200 5.500h6.600c.4 0 .7.3.7.7v6.600c0 .4-.3.7-.7.7H3.200a.7.7 0 0 1-.7-.7V6.200c0-.4.3-.7.7-.7',
  cross: 'M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800M5.800 5.800l4.400 4.400m0-4.400-4.400 4.400',
  down: 'M8 2.500v11m-4-4 4 4 4-4',
  download: 'M8 2v8m-3.500-3.500L8 10l3.500-3.500M2.500 13.500h11',
  external:
    'M9 2.500h4.500V7m0-4.500L7.500 8.500M11.500 9.500v3.300c0 .4-.3.700-.7.700H3.200a.7.700 0 0 1-.7-.7V5.200c0-.4.3-.7.7-.7h3.300',
  info: 'M8 1.8a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800M8 7.300v4M8 4.700v.1',
  key: 'M9.800 9.200a3.600 3.600 0 1 0-3-3L2 11v3h3v-1.800h1.800V10.400zM11 5v.1',
  lock: 'M4 7.500h8c.3 0 .5.2.5.500v5c0 .3-.2.500-.5.500H4a.5.500 0 0 1-.5-.5V8c0-.3.2-.5.500-.5M5.500 7.500V5a2.500 2.500 0 0 1 5 0v2.500',
  minus: 'M3.500 8h9',
  more: 'M3.500 8h.1M8 8h.1M12.500 8h.1',
  offline:
    'm2 2 12 12M5.200 9.800a4 4 0 0 1 2-1.200M8 12.500v.1M2.500 6.800c.6-.6 1.200-1 2-1.400M7.200 4.600a8 8 0 0 1 6.300 2.200M10 8.800l.8.900',
  pause: 'M5.500 3.500v9m5-9v9',
  play: 'M5 3.200v9.600l7.500-4.800z',
  retry: 'M13 8a5 5 0 1 1-1.600-3.700M13 2v3h-3',
  search: 'M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9m3.300 7.800L14 14',
  star: 'm8 1.900 1.900 3.900 4.300.6-3.100 3 .7 4.300L8 11.700l-3.800 2 .7-4.300-3.100-3 4.300-.6z',
  sync: 'M2.500 8a5.500 5.500 0 0 1 9.600-3.600L13.500 6M13.500 8a5.500 5.500 0 0 1-9.600 3.600L2.500 10M13.500 2.500V6H10M2.500 13.500V10H6',
  trash: 'M2.500 4h11M6 4V2.500h4V4M4 4l.7 9.500h6.600L12 4M6.700 6.500v4.500m2.600-4.500v4.500',
  up: 'M8 13.500v-11m-4 4 4-4 4 4',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, spinning = false }: { readonly name: IconName; readonly spinning?: boolean }) {
  return (
    <svg
      className={spinning ? 'icon icon-spinning' : 'icon'}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
