import { computed, signal } from '@preact/signals'
import type { Me, Permission } from '../../../src/console/shapes'

export const me = signal<Me | undefined>(undefined)
export const isSignedOut = signal(false)

/** Whether this person may do something; actions that they may not are absent. */
export const may = (permission: Permission): boolean => me.value?.permissions.includes(permission) ?? false
export const isReadOnly = computed(() => me.value !== undefined && !me.value.permissions.includes('operate'))
export const hasFeature = (feature: string): boolean => me.value?.features.includes(feature) ?? false
