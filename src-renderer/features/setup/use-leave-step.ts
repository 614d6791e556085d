/** @file Going on when a step was completed. */
import { useCallback } from 'react';
import { useLocation } from 'wouter';
import type { SetupView } from '../../../src-preload/contract/setup-views.ts';
import { pathAfter, type WizardStep } from './steps.ts';

export function useLeaveStep(setup: SetupView, step: WizardStep): () => void {
  const [, navigate] = useLocation();
  const path = pathAfter(setup, step);
  return useCallback(() => navigate(path), [navigate, path]);
}
