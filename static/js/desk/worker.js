// Reads QR codes off the page's thread. First comes where the reader lies, then pictures.
"use strict";

const WANTED = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true, tryRotate: true, tryInvert: true };

onmessage = async ({ data }) => {
  try {
    if (data.reader) {
      importScripts(data.reader);
      // Without this the reader fetches its WebAssembly from a public network.
      ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => data.wasm }, fireImmediately: true });
      return;
    }
    const [code] = await ZXingWASM.readBarcodes(data, WANTED);
    postMessage({ text: code?.isValid ? code.text : null });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
