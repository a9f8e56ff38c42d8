import { box } from '../../ui/theme/palette.ts'

const stations = [
  { x: 40, y: 150, label: 'Plan' },
  { x: 150, y: 150, label: 'Retrieve' },
  { x: 260, y: 110, label: 'Decide' },
  { x: 370, y: 60, label: 'Act' },
  { x: 370, y: 165, label: 'Review' },
]

/** A line diagram of a run: the junction is where a person decides. Decoration only. */
export function Line() {
  return (
    <svg viewBox="0 0 420 210" width="100%" style={{ maxWidth: 460 }} aria-hidden>
      <g fill="none" strokeWidth="5" strokeLinecap="round">
        <path d="M10 150H170L240 115L270 108L350 62H410" stroke={box.cream} />
        <path d="M270 108L330 160H410" stroke={box.lamp} strokeDasharray="1 11" />
      </g>
      {stations.map(({ x, y, label }) => (
        <g key={label}>
          <circle cx={x} cy={y} r="9" fill={box.green} stroke={label === 'Review' ? box.lamp : box.cream} strokeWidth="5" />
          <text x={x} y={y - 20} textAnchor="middle" fill={box.cream} fontSize="13" fontWeight="600" opacity="0.9">
            {label}
          </text>
        </g>
      ))}
    </svg>
  )
}
