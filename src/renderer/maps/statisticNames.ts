export const statisticNames = { median: 'median', spread: 'deviation', share: 'share', exponent: 'exponent' }
