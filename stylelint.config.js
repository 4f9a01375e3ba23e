/** Only what has no effect, or another than is written: how styles look is Prettier's. */
export default {
  overrides: [{ files: ['**/*.vue'], customSyntax: 'postcss-html' }],
  rules: {
    'property-no-unknown': true,
    'declaration-property-value-no-unknown': true,
    'unit-no-unknown': true,
    'selector-type-no-unknown': true,
    'selector-pseudo-class-no-unknown': [true, { ignorePseudoClasses: ['deep', 'global', 'slotted'] }],
    'declaration-block-no-duplicate-properties': true,
    'no-duplicate-selectors': true,
  },
}
