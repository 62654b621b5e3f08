const amounts = new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 0,
  maximumFractionDigits: 6,
  maximumSignificantDigits: 2,
  // Six decimals hide the noise of binary fractions; a smaller amount shows two digits, and is never 0.
  roundingPriority: 'morePrecision',
});

/** `1,234.5` */
export function moneyText(money: number): string {
  return amounts.format(money);
}
