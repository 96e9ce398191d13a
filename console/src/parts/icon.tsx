const paths = {
  home: 'M2.500 7 8 2.500 13.500 7v6.500h-3.700V9.800H6.200v3.700H2.500z',
  live: 'M1.500 8h3l2-5 3 10 2-5h3',
  archive: 'M2 3h12v3H2zM3 6v7h10V6M6.300 8.700h3.400',
  flask: 'M6.300 2h3.400M7 2v4L3.300 12.800a.8.8 0 0 0 .7 1.200h8a.8.8 0 0 0 .7-1.200L9 6V2M5 10.300h6',
  box: 'M8 1.800 13.700 4.800v6.400L8 14.200 2.300 11.200V4.800zM2.300 4.800 8 8l5.700-3.200M8 8v6.200',
  search: 'M7.200 12.200a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM11 11l3 3',
  lock: 'M4 7.500h8v6H4zM5.700 7.500V5a2.300 2.300 0 0 1 4.600 0v2.500M8 10v1.300',
  again: 'M13 8.300A5 5 0 1 1 11.700 4.500L13.200 6M13.200 2.700V6H9.900',
  warning: 'M8 2.300 14.300 13.200H1.700zM8 6.600v3M8 11.400v.1',
  check: 'M3 8.500 6.300 11.800 13 4.700',
  cross: 'M4 4l8 8M12 4l-8 8',
  minus: 'M3.500 8h9',
  question: 'M5.800 5.800a2.200 2.200 0 1 1 3.300 2c-.7.400-1.100.8-1.100 1.600v.3M8 12.300v.1',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.700V8l2.200 1.300',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  play: 'M5 3.300 12 8l-7 4.700z',
  key: 'M6.200 9.800 2.500 13.500M4 12l1.300 1.300M9.800 10.200a3.900 3.900 0 1 0-3.900-3.900 3.900 3.900 0 0 0 3.900 3.900z',
  plug: 'M5.500 2v3M10.500 2v3M4 5h8v2.500a4 4 0 0 1-8 0zM8 11.500V14',
  sun: 'M8 10.700a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM8 1.500V3M8 13v1.500M1.500 8H3M13 8h1.500M3.400 3.400l1.100 1.100M11.500 11.500l1.100 1.100M12.600 3.400l-1.100 1.100M4.500 11.500l-1.100 1.100',
  moon: 'M13 9.500A5.500 5.500 0 1 1 6.500 3 4.500 4.500 0 0 0 13 9.500z',
  screen: 'M2 3h12v8H2zM6 14h4M8 11v3',
  more: 'M3.500 8h.01M8 8h.01M12.500 8h.01',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  copy: 'M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3',
  download: 'M8 2v8.500M4.500 7 8 10.500 11.500 7M2.500 13.500h11',
  send: 'M14 2 7 9M14 2 9.500 14 7 9 2 6.500z',
  swap: 'M2.500 5.500h10M9.500 2.500l3 3-3 3M13.500 10.500h-10M6.500 7.500l-3 3 3 3',
  mute: 'M3 3l10 10M6 3.200a4 4 0 0 1 6 3.500c0 1.300.2 2.300.6 3.100M4.300 5a4 4 0 0 0-.3 1.700c0 2.800-1 4-1.500 4.600h8.300M6.700 13.500a1.500 1.500 0 0 0 2.600 0',
} as const

export type IconName = keyof typeof paths

/** A small picture; what it means always stands beside it in words. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={paths[name]} stroke-width={name === 'more' ? 2.4 : undefined} />
  </svg>
)

/** The mark of waybill. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
    <rect y="1" width="20" height="18" rx="4.500" fill="var(--accent)" />
    <path
      d="M4.800 7 6.800 13 10 8.200 13.200 13 15.200 7"
      fill="none"
      stroke="var(--panel)"
      stroke-width="2"
      stroke-linejoin="round"
      stroke-linecap="round"
    />
  </svg>
)
