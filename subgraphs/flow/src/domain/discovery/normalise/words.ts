export { detach, memoise, toWords } from '@tributary/kernel';
