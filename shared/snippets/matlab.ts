import { activationNames, activationTable } from '../model/activations.ts'
import { expressionText, type Dialect } from '../model/expressionText.ts'

export const matlabDialect: Dialect = {
  functions: { exp: 'exp', log: 'log', sqrt: 'sqrt', tanh: 'tanh', smaller: 'min', larger: 'max' },
  signs: { multiply: '.*', divide: './' },
}

const cases = activationNames.map(
  (name) => `    case '${name}'
      f = @(z) ${expressionText(activationTable[name].value, { z: 'z' }, matlabDialect)};`,
)

/** MATLAB (R2016b or newer) or Octave 7, from `.mat`. */
export const matlabSnippet = `% Patches through weights that Rho Lab exported as .mat:
%   patches = rand(64, 10);   % n x m, one a column, as in the course
%   [reconstruction, activations] = reconstruct('weights.mat', patches);
function [reconstruction, activations] = reconstruct(file, patches)
  w = load(file);
  config = jsondecode(w.config);
  switch config.activation
${cases.join('\n')}
  end
  activations = f(w.W1 * patches + w.b1);
  reconstruction = w.W2 * activations + w.b2;
  if ~strcmp(config.decoder, 'linear')
    reconstruction = f(reconstruction);
  end
end
`
