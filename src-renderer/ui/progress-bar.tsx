/** @file A progress bar that says in words what it shows. */
interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1; null: under way, nobody knows how far. */
  readonly fraction: number | null;
  readonly text: string;
}

export function ProgressBar({ label, fraction, text }: ProgressBarProps) {
  const percent = fraction === null ? null : Math.floor(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div
      className={percent === null ? 'progress progress-unknown' : 'progress'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { 'aria-valuenow': percent })}
      aria-valuetext={text}
    >
      <div className="progress-fill" style={percent === null ? undefined : { width: `${percent}%` }} />
    </div>
  );
}
