import type { GlobalThemeOverrides } from 'naive-ui'
import type { Colours } from './useTheme.ts'

/** The component library drawn with our tokens; it needs colours as values, not as custom properties. */
export function naiveOverrides(colours: Colours): GlobalThemeOverrides {
  const field = {
    border: `1px solid ${colours['line-3']}`,
    borderHover: `1px solid ${colours['text-3']}`,
    borderActive: `1px solid ${colours.accent}`,
    borderFocus: `1px solid ${colours.accent}`,
    boxShadowActive: `0 0 0 1px ${colours.accent}`,
    boxShadowFocus: `0 0 0 1px ${colours.accent}`,
    color: colours.bg,
    colorActive: colours.bg,
  }
  return {
    common: {
      primaryColor: colours.accent,
      primaryColorHover: colours['accent-hover'],
      primaryColorPressed: colours['accent-hover'],
      primaryColorSuppl: colours.accent,
      errorColor: colours.error,
      warningColor: colours.warning,
      successColor: colours.success,
      baseColor: colours['on-accent'],
      bodyColor: colours.bg,
      modalColor: colours.bg,
      popoverColor: colours.raise,
      cardColor: colours.bg,
      tableColor: colours.bg,
      hoverColor: colours.hover,
      dividerColor: colours.hairline,
      borderColor: colours['line-2'],
      textColorBase: colours.text,
      textColor1: colours.text,
      textColor2: colours.text,
      textColor3: colours['text-3'],
      placeholderColor: colours['text-3'],
      fontFamily: 'var(--font-ui)',
      fontFamilyMono: 'var(--font-ui)',
      fontSize: '13px',
      fontSizeSmall: '13px',
      fontSizeMedium: '13px',
      heightSmall: '28px',
      heightMedium: '28px',
      borderRadius: '6px',
      borderRadiusSmall: '4px',
      boxShadow1: 'none',
      boxShadow2: 'var(--shadow)',
      boxShadow3: 'var(--shadow)',
      cubicBezierEaseInOut: 'ease',
    },
    Select: {
      peers: {
        InternalSelection: { ...field, heightMedium: '28px' },
        InternalSelectMenu: {
          color: colours.raise,
          optionColorPending: colours.hover,
          optionColorActive: colours.selection,
          optionColorActivePending: colours.selection,
          optionTextColor: colours.text,
          optionTextColorActive: colours.text,
          optionTextColorDisabled: colours['text-3'],
          optionCheckColor: colours.accent,
        },
      },
    },
    Dropdown: {
      color: colours.raise,
      optionColorHover: colours.hover,
      optionTextColor: colours.text,
      optionTextColorHover: colours.text,
      optionHeightMedium: '28px',
      fontSizeMedium: '13px',
    },
    Checkbox: {
      border: `1px solid ${colours['line-3']}`,
      textColor: colours.text,
      sizeMedium: '14px',
    },
    Tooltip: { color: colours.text, textColor: colours.bg },
    Modal: { boxShadow: 'var(--shadow)' },
  }
}
