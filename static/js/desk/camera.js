// Camera and photos: pictures go to the worker, texts come back.
"use strict";

(() => {
  const SIDE = 480;
  const PHOTO = 1600;
  const PAUSE = 60;
  const place = document.getElementById("main").dataset;
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let worker = null;
  let waiting = null;

  function reader() {
    if (worker) return worker;
    worker = new Worker(place.worker);
    worker.onmessage = ({ data }) => waiting?.(data);
    worker.onerror = () => {
      worker = null; // tried again with the next picture
      waiting?.({ error: "worker" });
    };
    worker.postMessage({ reader: place.reader, wasm: place.wasm });
    return worker;
  }

  let queue = Promise.resolve();
  function read(image) {
    const asked = queue.then(
      () =>
        new Promise((resolve) => {
          waiting = resolve;
          reader().postMessage(image, [image.data.buffer]);
        }),
    );
    queue = asked;
    return asked;
  }

  function cropped(video) {
    const side = Math.min(video.videoWidth, video.videoHeight);
    const size = Math.min(SIDE, side);
    canvas.width = canvas.height = size;
    const left = (video.videoWidth - side) / 2;
    const top = (video.videoHeight - side) / 2;
    pen.drawImage(video, left, top, side, side, 0, 0, size, size);
    return pen.getImageData(0, 0, size, size);
  }

  // The reader is fetched before it is needed: the network may be gone by then.
  if (desk.pairing()) reader();

  // Starts the camera and calls `found` with every text read; returns the video track.
  desk.watch = async (video, found) => {
    const wanted = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: "environment" };
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted });
    await video.play();
    const look = async () => {
      if (video.videoWidth && !document.hidden) {
        const { text, error } = await read(cropped(video));
        if (error) return found(null, error);
        if (text) found(text);
      }
      setTimeout(look, PAUSE);
    };
    look();
    return video.srcObject.getVideoTracks()[0];
  };

  // The text in a photo, or null.
  desk.readPhoto = async (file) => {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, PHOTO / Math.max(picture.width, picture.height));
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return (await read(pen.getImageData(0, 0, canvas.width, canvas.height))).text;
  };
})();
