/** The form's picture as a prompt of ComfyUI. Load lazily. */
export { pictureFile, promptOfRequest, type FileNames, type WrittenPrompt } from './prompt-of-request';
