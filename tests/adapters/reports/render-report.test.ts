import { describe, expect, it } from '@jest/globals';
import { renderReport } from '../../../adapters/reports/render-report.ts';
import { reportData } from '../../../domain/backtest/report/report-data.ts';
import { sampleInput, sampleReport } from '../../helpers/sample-report.ts';

describe('a report', () => {
  it('is one file that asks for no other', async () => {
    const page = await renderReport(sampleReport(1));
    expect(page).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)=/i);
    expect(page).not.toMatch(/@import|url\(["']?https?:/i);
    expect(page).not.toMatch(/<!-- (style|data|library|script|title) -->/);
  });

  it('is the same text for the same run', async () => {
    expect(await renderReport(sampleReport(2))).toBe(await renderReport(sampleReport(2)));
  });

  it('holds whatever text a name, a note or a symbol has, as text', async () => {
    const hostile = '</script><script>alert(1)</script><!-- $& -->';
    const input = { ...sampleInput('sma-cross', { fast: 5, slow: 30 }, hostile), name: hostile };
    const page = await renderReport(reportData(input, null));
    expect(page).not.toContain('<script>alert');
    const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1];
    expect(JSON.parse(data!)).toMatchObject({ title: hostile, runs: [{ notes: [hostile] }] });
  });
});
