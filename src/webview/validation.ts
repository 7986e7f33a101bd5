import { config } from 'zod';

// Before any schema is made: the page's content security policy forbids compiling at run time.
config({ jitless: true });
