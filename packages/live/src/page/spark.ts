// The small line behind a tile's number: its shape alone, without axes.

export function drawSpark(canvas: HTMLCanvasElement, values: readonly (number | null)[], color: string): void {
  const ratio = devicePixelRatio;
  const [width, height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d')!;
  context.clearRect(0, 0, width, height);
  const most = Math.max(...values.map((value) => value ?? 0));
  const x = (index: number): number => (index / Math.max(1, values.length - 1)) * width;
  const y = (value: number): number => height - ratio - (most > 0 ? (value / most) * (height - 2 * ratio) : 0);
  context.lineWidth = 1.5 * ratio;
  context.strokeStyle = color;
  context.beginPath();
  values.forEach((value, index) => {
    if (value === null) return;
    if (values[index - 1] === null || index === 0) context.moveTo(x(index), y(value));
    else context.lineTo(x(index), y(value));
  });
  context.stroke();
}
