/** MATLAB (R2016b or newer) or Octave 7, from `.mat`. */
export const matlabSnippet = `% Patches through weights that Rho Lab exported as .mat:
%   patches = rand(64, 10);   % n x m, one a column, as in the course
%   [reconstruction, activations] = reconstruct('weights.mat', patches);
function [reconstruction, activations] = reconstruct(file, patches)
  w = load(file);
  config = jsondecode(w.config);
  if strcmp(config.activation, 'tanh')
    f = @tanh;
  else
    f = @(z) 1 ./ (1 + exp(-z));
  end
  activations = f(w.W1 * patches + w.b1);
  reconstruction = w.W2 * activations + w.b2;
  if ~strcmp(config.decoder, 'linear')
    reconstruction = f(reconstruction);
  end
end
`
