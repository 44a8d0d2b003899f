import { setLocale } from './format';
import { setCatalogue } from './say';

/** Says everything in the language from now on. English is at hand; another catalogue is loaded first. */
export async function speak(language: 'en' | 'de'): Promise<void> {
  if (language === 'de') {
    const { de, deNames } = await import('./de');
    setCatalogue(de);
    setLocale('de', deNames);
  } else {
    setCatalogue(null);
    setLocale('en');
  }
}
