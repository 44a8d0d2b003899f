/** The product's sign: two streams that become one. */
export function Mark({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className}>
      <rect width="32" height="32" rx="7" fill="#1d4ed8" />
      <path
        d="M7 9c5 0 5 7 9 7M7 23c5 0 5-7 9-7M16 16h9"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}
